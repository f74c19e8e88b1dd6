import CYAML

/// libyaml's emitter, writing to memory.
final class YAMLEmitter {
    private struct Output {
        var bytes: [UInt8] = []
    }

    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private let output: UnsafeMutablePointer<Output>
    private var isWorking: Bool

    init() {
        emitter = .allocate(capacity: 1)
        emitter.initialize(to: yaml_emitter_t())
        output = .allocate(capacity: 1)
        output.initialize(to: Output())
        isWorking = yaml_emitter_initialize(emitter) == 1
        guard isWorking else { return }
        yaml_emitter_set_output(
            emitter,
            { output, bytes, count in
                guard let output, let bytes else { return 0 }
                output.assumingMemoryBound(to: Output.self).pointee.bytes
                    .append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                return 1
            }, output)
        yaml_emitter_set_encoding(emitter, YAML_UTF8_ENCODING)
        yaml_emitter_set_unicode(emitter, 1)
        yaml_emitter_set_width(emitter, -1)
        yaml_emitter_set_indent(emitter, 2)
        emit { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
    }

    deinit {
        // Deletion is also safe after a failed initialization: libyaml has then zeroed the structure.
        yaml_emitter_delete(emitter)
        emitter.deallocate()
        output.deinitialize(count: 1)
        output.deallocate()
    }

    /// Ends the stream and returns its bytes, or nil if writing failed.
    func finish() -> [UInt8]? {
        emit { yaml_stream_end_event_initialize(&$0) }
        if isWorking { isWorking = yaml_emitter_flush(emitter) == 1 }
        return isWorking ? output.pointee.bytes : nil
    }

    func startDocument(hasMarker: Bool) {
        emit { yaml_document_start_event_initialize(&$0, nil, nil, nil, hasMarker ? 0 : 1) }
    }
    func endDocument() { emit { yaml_document_end_event_initialize(&$0, 1) } }
    func startSequence() {
        emit { yaml_sequence_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE) }
    }
    func endSequence() { emit { yaml_sequence_end_event_initialize(&$0) } }
    func startMapping() { emit { yaml_mapping_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE) } }
    func endMapping() { emit { yaml_mapping_end_event_initialize(&$0) } }

    /// A number, a boolean or null.
    func plain(_ text: String) { scalar(text) { _ in YAML_PLAIN_SCALAR_STYLE } }

    /// A string, in a style that every reader reads as this string.
    func string(_ text: String, isKey: Bool = false) {
        scalar(text) { YAMLStringStyle.style(of: $0, isKey: isKey) }
    }

    private func scalar(_ text: String, _ style: (UnsafeBufferPointer<UInt8>) -> yaml_scalar_style_t) {
        var text = text
        text.withUTF8 { utf8 in
            withUnsafePointer(to: UInt8(0)) { nothing in
                let start = utf8.baseAddress ?? nothing
                emit {
                    yaml_scalar_event_initialize(&$0, nil, nil, start, Int32(clamping: utf8.count), 1, 1, style(utf8))
                }
            }
        }
    }

    private func emit(_ makeEvent: (inout yaml_event_t) -> Int32) {
        guard isWorking else { return }
        var event = yaml_event_t()
        // The emitter owns the event from here on, even if it fails.
        isWorking = makeEvent(&event) == 1 && yaml_emitter_emit(emitter, &event) == 1
    }
}
