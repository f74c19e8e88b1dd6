import CYAML
import Kube

/// Writes JSON values as YAML by libyaml's emitter.
struct YAMLWriter {
    private let options: YAML.WritingOptions

    init(_ options: YAML.WritingOptions) { self.options = options }

    func encode(_ documents: [JSON]) -> [UInt8] {
        let emitter = YAMLEmitter()
        for (index, document) in documents.enumerated() {
            emitter.startDocument(hasMarker: index > 0 || options.startsWithMarker)
            write(document, to: emitter)
            emitter.endDocument()
        }
        if let bytes = emitter.finish() { return bytes }
        // The emitter fails only for want of memory; JSON is YAML too, and needs less of it.
        return documents.map { $0.encoded() }.joined(separator: Array("\n---\n".utf8)) + [UInt8(ascii: "\n")]
    }

    private func write(_ value: JSON, to emitter: YAMLEmitter) {
        switch value {
        case .null: emitter.plain("null")
        case .bool(let value): emitter.plain(value ? "true" : "false")
        case .int(let value): emitter.plain(String(value))
        case .double(let value): emitter.plain(Self.text(of: value))
        case .string(let text): emitter.string(text)
        case .array(let elements):
            emitter.startSequence()
            for element in elements { write(element, to: emitter) }
            emitter.endSequence()
        case .object(let members):
            emitter.startMapping()
            if options.sortsKeys {
                for (key, value) in members.elements.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
                {
                    emitter.string(key, isKey: true)
                    write(value, to: emitter)
                }
            } else {
                for (key, value) in members {
                    emitter.string(key, isKey: true)
                    write(value, to: emitter)
                }
            }
            emitter.endMapping()
        }
    }

    /// A number that YAML 1.1 readers also read as one: they want a point before an exponent.
    static func text(of value: Double) -> String {
        if let integer = Int64(exactly: value) { return String(integer) }
        guard value.isFinite else { return value.isNaN ? ".nan" : value < 0 ? "-.inf" : ".inf" }
        let text = "\(value)"
        guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}
