public import Hashring
public import Kube

/// The hashring file in a ConfigMap: what receivers have, and the starting point of membership.
///
/// Since decisions are read back from it, the operator can crash at any time.
public struct PublishedHashrings: Sendable, Hashable {
    /// The file's text, to the byte. If someone has changed it: the text that Tributary published last, if known.
    public var text: String
    /// The hash that receivers report once they have read the text: the first bytes of its SHA-256.
    public var hash: UInt64
    /// The file; nil if it cannot be read or is not known to be Tributary's.
    public var file: HashringFile?
    /// The ids whose entries stay when their Tenants are deleted.
    public var retained: Set<String>
    /// The field manager that has changed the text since Tributary wrote it; nil if nobody has.
    public var editor: String?
    /// Whether Tributary has never written the ConfigMap: it takes over what somebody else has published.
    public var isForeign: Bool
    /// The text in the ConfigMap, whoever wrote it.
    public var found: String
    /// The hashes of the files since receivers last left, as receivers report them; empty if none have been recorded.
    public var equivalentHashes: [UInt64]

    /// When Tributary last changed the ConfigMap, to the second; nil if the API server does not say.
    public var writtenAt: Timestamp?

    /// The number of recorded hashes: enough for the changes in the minutes that kubelets take to update a volume.
    package static let mostHashes = 32

    /// The key of the file in the ConfigMap.
    public static let fileName = "hashrings.json"

    /// Reads a ConfigMap; nil if it has no hashring file.
    public init?(_ object: Object) {
        guard object.kind == Resource.configMaps.kind, let text = object.json["data", Self.fileName]?.string else {
            return nil
        }
        self.text = text
        found = text
        hash = HashringFile.configHash(of: text)
        let hashes = (object.annotations[Names.equivalentAnnotation] ?? "").split(separator: ",")
            .compactMap { UInt64($0, radix: 16) }
        // The last one is the text's own hash, unless someone has edited the text.
        equivalentHashes = hashes.last == hash ? hashes : []
        retained = Set((object.annotations[Names.retainedAnnotation] ?? "").split(separator: ",").map(String.init))
        let entries = object.json["metadata", "managedFields"]?.array ?? []
        let own = entries.filter { $0["manager"]?.string == Names.manager }
        isForeign = own.isEmpty && entries.contains { $0["manager"]?.string != nil }
        writtenAt = own.compactMap { $0["time"]?.string.flatMap { Timestamp($0) } }.max()
        editor = Self.editor(of: object)
        file = editor == nil ? try? HashringFile(parsing: text) : nil
    }

    /// This file with the text and members that were published before someone edited it.
    public func restoring(_ own: PublishedHashrings?) -> PublishedHashrings {
        guard editor != nil, let own, own.file != nil else { return self }
        var result = self
        (result.text, result.hash, result.file) = (own.text, own.hash, own.file)
        (result.retained, result.equivalentHashes) = (own.retained, own.equivalentHashes)
        return result
    }

    /// The field manager that owns the text if Tributary does not: whoever changes the text takes over its ownership.
    private static func editor(of object: Object) -> String? {
        let path = ["f:data", "f:\(fileName)"]
        let owners = (object.json["metadata", "managedFields"]?.array ?? []).filter { entry in
            entry["fieldsV1"]?[path: path] != nil
        }.compactMap { $0["manager"]?.string }
        return owners.contains(Names.manager) ? nil : owners.first
    }
}
