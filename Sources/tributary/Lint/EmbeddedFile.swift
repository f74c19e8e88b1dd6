import Kube
import YAML

/// A hashring or limits file of Thanos in a ConfigMap's `data`.
struct EmbeddedFile {
    enum Kind {
        case hashrings, limits
    }

    var kind: Kind
    var text: String
    var manifest: Manifest
    /// The key in `data`.
    var name: String
    private var inside: EmbeddedText?

    /// The hashring and limits files of a ConfigMap. A file's name tells what it is; for a JSON list also its content.
    static func all(in manifest: Manifest, source: [UInt8]) -> [EmbeddedFile] {
        guard manifest.object.apiVersion == "v1", manifest.object.kind == "ConfigMap",
            let data = manifest.object.json["data"]?.object
        else { return [] }
        return data.compactMap { name, value in
            guard let text = value.string, let kind = kind(name, text) else { return nil }
            let field = FieldPath().appending("data").appending(name)
            let key = manifest.position(of: field)
            return EmbeddedFile(
                kind: kind, text: text, manifest: manifest, name: name,
                inside: key.flatMap { EmbeddedText(text, key: $0, in: source) })
        }
    }

    private static func kind(_ name: String, _ text: String) -> Kind? {
        if name.hasSuffix("hashrings.json") || name.hasSuffix("hashring.json") { return .hashrings }
        if name.hasSuffix("limits.yaml") || name.hasSuffix("limits.yml") { return .limits }
        guard name.hasSuffix(".json"), text.first(where: { !$0.isWhitespace }) == "[" else { return nil }
        return text.contains("\"endpoints\"") || text.contains("\"hashring\"") ? .hashrings : nil
    }

    /// `file:line:column` of a position in the text, or of its key where the manifest does not have the text verbatim.
    func location(_ position: YAMLPosition) -> String {
        if let inside { return "\(manifest.file):\(inside.position(line: position.line, column: position.column))" }
        return manifest.location(of: FieldPath().appending("data").appending(name))
    }
}
