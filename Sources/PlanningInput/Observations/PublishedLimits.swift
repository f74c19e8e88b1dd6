public import Hashring
public import Kube
import TributaryAPI

/// The limits file in a ConfigMap. Routers forget some of its limits only when they restart.
public struct PublishedLimits: Sendable, Hashable {
    /// The file's text, to the byte.
    public var text: String
    /// The file; nil if it cannot be parsed.
    public var file: LimitsFile?
    /// The ids whose limits stay when their Tenants are deleted.
    public var retained: Set<String>

    /// Reads a ConfigMap; nil if it has no limits file.
    public init?(_ object: Object) {
        guard object.kind == Resource.configMaps.kind,
            let text = object.json["data", GlobalView.limitsFileName]?.string
        else { return nil }
        self.text = text
        file = try? LimitsFile.read(Array(text.utf8)).file
        retained = Set((object.annotations[Names.retainedAnnotation] ?? "").split(separator: ",").map(String.init))
    }
}
