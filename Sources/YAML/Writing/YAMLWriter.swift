import CYAML
import Kube

/// Writes JSON values as YAML by libyaml's emitter.
enum YAMLWriter {
    static func encode(_ documents: [JSON]) -> [UInt8] {
        let emitter = YAMLEmitter()
        for (index, document) in documents.enumerated() {
            emitter.startDocument(hasMarker: index > 0)
            write(document, to: emitter)
            emitter.endDocument()
        }
        if let bytes = emitter.finish() { return bytes }
        // The emitter fails only if memory runs out. JSON is also YAML and needs less of it.
        return documents.map { $0.encoded() }.joined(separator: Array("\n---\n".utf8)) + [UInt8(ascii: "\n")]
    }

    private static func write(_ value: JSON, to emitter: YAMLEmitter) {
        switch value {
        case .null: emitter.plain("null")
        case .bool(let value): emitter.plain(value ? "true" : "false")
        case .int(let value): emitter.plain(String(value))
        case .double(let value): emitter.plain(text(of: value))
        case .string(let text): emitter.string(text)
        case .array(let elements):
            emitter.startSequence()
            for element in elements { write(element, to: emitter) }
            emitter.endSequence()
        case .object(let members):
            emitter.startMapping()
            for (key, value) in members {
                emitter.string(key, isKey: true)
                write(value, to: emitter)
            }
            emitter.endMapping()
        }
    }

    /// A number that YAML 1.1 readers also read as a number: they require a point before an exponent.
    private static func text(of value: Double) -> String {
        if let integer = Int64(exactly: value) { return String(integer) }
        guard value.isFinite else { return value.isNaN ? ".nan" : value < 0 ? "-.inf" : ".inf" }
        let text = "\(value)"
        guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}
