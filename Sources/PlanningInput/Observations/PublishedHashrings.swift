public import Hashring
public import Kube

/// The hashring file that a ConfigMap publishes now: what receivers hold, and where membership goes on from.
///
/// Reading it back makes the operator crash-safe: what was decided is what was published.
public struct PublishedHashrings: Sendable, Hashable {
    /// The file's text, to the byte; what Tributary published last, where that is known and somebody has changed it.
    public var text: String
    /// What receivers say that have read the text: the first bytes of its SHA-256.
    public var hash: UInt64
    /// The file; nil where it cannot be read or is not known to be Tributary's.
    public var file: HashringFile?
    /// The ids whose entries stay when their Tenants are deleted.
    public var retained: Set<String>
    /// Who has written the text since Tributary did, by the field manager's name; nil where it is Tributary's.
    public var editor: String?
    /// The text as it stands in the ConfigMap, whoever has written it.
    public var found: String
    /// The hashes of the files since receivers last left, as receivers say them; empty where nobody has noted any.
    public var equivalentHashes: [UInt64]

    /// How many hashes are noted: enough for the changes of the minutes that Kubernetes takes to bring a file to receivers.
    package static let mostHashes = 32

    /// The key in the ConfigMap under which the file stands.
    public static let fileName = "hashrings.json"

    /// Reads a ConfigMap; nil where it has no hashring file.
    public init?(_ object: Object) {
        guard object.kind == Resource.configMaps.kind, let text = object.json["data", Self.fileName]?.string else {
            return nil
        }
        self.text = text
        found = text
        hash = HashringFile.configHash(of: text)
        let hashes = (object.annotations[Names.equivalentAnnotation] ?? "").split(separator: ",")
            .compactMap { UInt64($0, radix: 16) }
        // They end with the text's own, unless somebody has changed the text by hand.
        equivalentHashes = hashes.last == hash ? hashes : []
        retained = Set((object.annotations[Names.retainedAnnotation] ?? "").split(separator: ",").map(String.init))
        editor = Self.editor(of: object)
        file = editor == nil ? try? HashringFile(parsing: text) : nil
    }

    /// This file with what was published before somebody changed it: membership goes on from nobody else's receivers.
    public func restoring(_ own: PublishedHashrings?) -> PublishedHashrings {
        guard editor != nil, let own, own.file != nil else { return self }
        var result = self
        (result.text, result.hash, result.file) = (own.text, own.hash, own.file)
        (result.retained, result.equivalentHashes) = (own.retained, own.equivalentHashes)
        return result
    }

    /// The field manager that owns the text where we do not: whoever changes it takes it from us.
    private static func editor(of object: Object) -> String? {
        let path = ["f:data", "f:\(fileName)"]
        let owners = (object.json["metadata", "managedFields"]?.array ?? []).filter { entry in
            entry["fieldsV1"]?[path: path] != nil
        }.compactMap { $0["manager"]?.string }
        return owners.contains(Names.manager) ? nil : owners.first
    }
}
