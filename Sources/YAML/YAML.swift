public import Kube

/// YAML as Kubernetes and Prometheus read and write it, by libyaml.
///
/// What is read becomes JSON exactly as `sigs.k8s.io/yaml` makes it: YAML 1.1's scalars in go-yaml v2's flavour, and
/// keys of other types become strings.
public enum YAML {
    /// Reads every document of a YAML stream; empty documents are left out.
    ///
    /// The text is UTF-8, or UTF-16 with a byte order mark. `file` is only for error messages. Beyond what go-yaml
    /// refuses, two things are refused that readers understand differently: a key that is given twice, and a merge
    /// key `<<` that comes after a key it would override.
    public static func parse(
        _ bytes: [UInt8], file: String? = nil, limits: YAMLLimits = .default
    ) throws(YAMLError) -> [YAMLDocument] {
        guard bytes.count <= limits.maximumBytes else {
            throw YAMLError(
                file: file, position: YAMLPosition(line: 1, column: 1),
                reason: "the text has \(bytes.count) bytes, more than the \(limits.maximumBytes) that are read")
        }
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<[YAMLDocument], YAMLError> in
            var composer = YAMLComposer(YAMLEventReader(buffer, file: file), limits: limits)
            do throws(YAMLError) { return .success(try composer.documents()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Reads every document of a YAML stream from a string.
    public static func parse(
        _ text: String, file: String? = nil, limits: YAMLLimits = .default
    ) throws(YAMLError) -> [YAMLDocument] {
        try parse(Array(text.utf8), file: file, limits: limits)
    }

    /// Reads a YAML stream that must have exactly one document, as a kubeconfig or a configuration file has.
    public static func parseOne(
        _ bytes: [UInt8], file: String? = nil, limits: YAMLLimits = .default
    ) throws(YAMLError) -> YAMLDocument {
        let documents = try parse(bytes, file: file, limits: limits)
        guard let first = documents.first else {
            throw YAMLError(file: file, position: YAMLPosition(line: 1, column: 1), reason: "there is nothing to read")
        }
        if documents.count > 1, let second = documents[1].start {
            throw YAMLError(file: file, position: second, reason: "a second document, where one is read")
        }
        return first
    }

    /// Reads a YAML stream that must have exactly one document from a string.
    public static func parseOne(
        _ text: String, file: String? = nil, limits: YAMLLimits = .default
    ) throws(YAMLError) -> YAMLDocument {
        try parseOne(Array(text.utf8), file: file, limits: limits)
    }

    /// How YAML is written.
    public struct WritingOptions: Sendable, Hashable {
        /// Whether members come in the order of their names' bytes, as `sigs.k8s.io/yaml` writes; else in their own.
        public var sortsKeys: Bool
        /// Whether `---` also stands before the first document.
        public var startsWithMarker: Bool

        /// Members in their own order, `---` only between documents.
        public init(sortsKeys: Bool = false, startsWithMarker: Bool = false) {
            self.sortsKeys = sortsKeys
            self.startsWithMarker = startsWithMarker
        }
    }

    /// The documents as YAML text in block style, each string written so that every YAML reader reads a string.
    ///
    /// Strings of several lines are literal blocks where a block says them exactly; lists stand at their key's
    /// indentation, as `kubectl` writes them. Reading the text again gives the same values.
    public static func write(_ documents: [JSON], _ options: WritingOptions = WritingOptions()) -> String {
        String(decoding: encode(documents, options), as: UTF8.self)
    }

    /// One document as YAML text.
    public static func write(_ document: JSON, _ options: WritingOptions = WritingOptions()) -> String {
        write([document], options)
    }

    /// The documents as YAML text in UTF-8.
    public static func encode(_ documents: [JSON], _ options: WritingOptions = WritingOptions()) -> [UInt8] {
        YAMLWriter(options).encode(documents)
    }
}

/// How much YAML is read at most; what is beyond is refused.
public struct YAMLLimits: Sendable, Hashable {
    /// The bytes of the text, and those of all strings once aliases are expanded.
    public var maximumBytes = 64 << 20
    /// How deep lists and objects nest.
    public var maximumDepth = 200
    /// The values of a document once aliases are expanded, keys not counted.
    public var maximumNodes = 1_000_000

    /// The defaults: 64 MiB, 200 levels, a million values.
    public init() {}

    /// The defaults: 64 MiB, 200 levels, a million values.
    public static let `default` = YAMLLimits()
}
