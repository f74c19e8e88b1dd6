public import Kube

/// Reads and writes YAML as Kubernetes and Prometheus do, by libyaml.
///
/// The result of reading is JSON, exactly as `sigs.k8s.io/yaml` makes it: YAML 1.1 scalars in the flavour of go-yaml
/// v2, with keys of other types turned into strings.
public enum YAML {
    /// Reads every document of a YAML stream, except empty ones.
    ///
    /// The text is UTF-8, or UTF-16 with a byte order mark. `file` is only for error messages. Beyond what go-yaml
    /// refuses, two things are refused because YAML readers differ on their meaning: a duplicate key, and a merge key
    /// `<<` after a key that it would override.
    public static func parse(
        _ bytes: [UInt8], file: String? = nil, limits: YAMLLimits = .default
    ) throws(YAMLError) -> [YAMLDocument] {
        guard bytes.count <= limits.maximumBytes else {
            throw YAMLError(
                file: file, position: YAMLPosition(line: 1, column: 1),
                reason: "the text has \(bytes.count) bytes; the limit is \(limits.maximumBytes)")
        }
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<[YAMLDocument], YAMLError> in
            var composer = YAMLComposer(YAMLEventReader(buffer, file: file), limits: limits)
            do throws(YAMLError) { return .success(try composer.documents()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Reads every document of a YAML stream from a string, except empty ones.
    public static func parse(
        _ text: String, file: String? = nil, limits: YAMLLimits = .default
    ) throws(YAMLError) -> [YAMLDocument] {
        try parse(Array(text.utf8), file: file, limits: limits)
    }

    /// Reads a YAML stream that must have exactly one document, such as a kubeconfig or a configuration file.
    public static func parseOne(
        _ bytes: [UInt8], file: String? = nil, limits: YAMLLimits = .default
    ) throws(YAMLError) -> YAMLDocument {
        let documents = try parse(bytes, file: file, limits: limits)
        guard let first = documents.first else {
            throw YAMLError(
                file: file, position: YAMLPosition(line: 1, column: 1), reason: "found no document, expected one")
        }
        if documents.count > 1, let second = documents[1].start {
            throw YAMLError(file: file, position: second, reason: "found a second document, expected only one")
        }
        return first
    }

    /// Reads a YAML stream that must have exactly one document from a string.
    public static func parseOne(
        _ text: String, file: String? = nil, limits: YAMLLimits = .default
    ) throws(YAMLError) -> YAMLDocument {
        try parseOne(Array(text.utf8), file: file, limits: limits)
    }

    /// The documents as YAML text in block style, with `---` between them.
    ///
    /// Every YAML reader reads the strings as strings. Strings of several lines become literal blocks where a block can
    /// represent them exactly. Lists are at the indentation of their key, as `kubectl` writes them. Members keep their
    /// order. Reading the text gives the same values.
    public static func write(_ documents: [JSON]) -> String { String(decoding: encode(documents), as: UTF8.self) }

    /// One document as YAML text.
    public static func write(_ document: JSON) -> String { write([document]) }

    /// The documents as YAML text in UTF-8.
    public static func encode(_ documents: [JSON]) -> [UInt8] { YAMLWriter.encode(documents) }
}
