public import Hashring
public import Kube

/// The hashring file that a ConfigMap publishes now: what receivers hold, and where membership goes on from.
///
/// Reading it back makes the operator crash-safe: what was decided is what was published.
public struct PublishedHashrings: Sendable, Hashable {
    /// The file's text, to the byte.
    public var text: String
    /// The file; nil where somebody has made it unreadable.
    public var file: HashringFile?
    /// The ids whose entries stay when their Tenants are deleted.
    public var retained: Set<String>

    /// The hashes of the files since receivers last left, as receivers say them; empty where nobody has noted any.
    public var equivalentHashes: [UInt64]

    /// How many hashes are noted: enough for the changes of the minutes that Kubernetes takes to bring a file to receivers.
    static let mostHashes = 32

    /// The key in the ConfigMap under which the file stands.
    public static let fileName = "hashrings.json"

    /// Reads a ConfigMap; nil where it has no hashring file.
    public init?(_ object: Object) {
        guard object.kind == Resource.configMaps.kind, let text = object.json["data", Self.fileName]?.string else {
            return nil
        }
        self.text = text
        file = try? HashringFile(parsing: text)
        let hashes = (object.annotations[Names.equivalentAnnotation] ?? "").split(separator: ",")
            .compactMap { UInt64($0, radix: 16) }
        // They end with the text's own, unless somebody has changed the text by hand.
        equivalentHashes = hashes.last == HashringFile.configHash(of: text) ? hashes : []
        retained = Set((object.annotations[Names.retainedAnnotation] ?? "").split(separator: ",").map(String.init))
    }
}
