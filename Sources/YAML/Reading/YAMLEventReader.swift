import CYAML

/// An event of libyaml's parser.
struct YAMLEvent {
    enum Kind {
        case documentStart
        case end
        case alias(String)
        case scalar(YAMLScalar)
        case sequenceStart
        case mappingStart
        case collectionEnd
        case other
    }
    let kind: Kind
    let anchor: String?
    let mark: YAMLMark
}

/// Reads libyaml's events. The bytes must stay in place during its lifetime.
final class YAMLEventReader {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeBufferPointer<UInt8>
    private let isReady: Bool
    let file: String?

    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String?) {
        self.bytes = bytes
        self.file = file
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        isReady = yaml_parser_initialize(parser) == 1
        guard isReady else { return }
        withUnsafePointer(to: UInt8(0)) { nothing in
            yaml_parser_set_input_string(parser, bytes.baseAddress ?? nothing, bytes.count)
        }
    }

    deinit {
        if isReady { yaml_parser_delete(parser) }
        parser.deallocate()
    }

    func error(_ mark: YAMLMark, _ reason: String) -> YAMLError {
        YAMLError(file: file, position: mark.position, reason: reason)
    }

    func next() throws(YAMLError) -> YAMLEvent {
        guard isReady else { throw error(YAMLMark(line: 0, column: 0), "not enough memory to read the text") }
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        let mark = YAMLMark(event.start_mark)
        var anchor: String?
        let kind: YAMLEvent.Kind
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_STREAM_END_EVENT, YAML_NO_EVENT: kind = .end
        case YAML_ALIAS_EVENT: kind = .alias(Self.text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            anchor = Self.text(scalar.anchor)
            kind = .scalar(
                YAMLScalar(
                    text: String(
                        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self),
                    tag: Self.text(scalar.tag), isPlain: scalar.plain_implicit != 0))
        case YAML_SEQUENCE_START_EVENT:
            anchor = Self.text(event.data.sequence_start.anchor)
            kind = .sequenceStart
        case YAML_MAPPING_START_EVENT:
            anchor = Self.text(event.data.mapping_start.anchor)
            kind = .mappingStart
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .collectionEnd
        default: kind = .other
        }
        return YAMLEvent(kind: kind, anchor: anchor, mark: mark)
    }

    private static func text(_ pointer: UnsafePointer<UInt8>?) -> String? { pointer.map { String(cString: $0) } }
    private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
        pointer.map { String(cString: UnsafePointer($0)) }
    }

    /// libyaml's error on one line: the problem and its context.
    private func failure() -> YAMLError {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "the text cannot be read"
        switch state.error {
        case YAML_MEMORY_ERROR:
            return error(YAMLMark(state.mark), "not enough memory to read the text")
        case YAML_READER_ERROR:
            let value = state.problem_value >= 0 ? " (0x\(String(state.problem_value, radix: 16)))" : ""
            return YAMLError(file: file, position: position(ofByte: state.problem_offset), reason: problem + value)
        default:
            var reason = problem
            if let context = state.context {
                reason += " \(String(cString: context))"
                let start = YAMLMark(state.context_mark)
                if start.line != state.problem_mark.line || start.column != state.problem_mark.column {
                    reason += " that begins at \(start.position)"
                }
            }
            return error(YAMLMark(state.problem_mark), reason)
        }
    }

    private func position(ofByte offset: Int) -> YAMLPosition {
        let before = bytes.prefix(max(0, offset))
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return YAMLPosition(line: line, column: before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1)
    }
}

extension YAMLMark {
    init(_ mark: yaml_mark_t) {
        self.init(line: Int32(clamping: mark.line), column: Int32(clamping: mark.column))
    }
}
