import Kube

/// An argument on a command line.
struct Argument {
    var name: String
    var value: String?

    /// The features that it enables, if it is `--enable-feature`.
    var features: [String] { (value ?? "").split(separator: ",").map(String.init) }

    /// The arguments of a container: `--name=value`, `--name value` or `--name`.
    static func list(_ json: JSON?) -> [Argument] {
        var result: [Argument] = []
        for text in (json?.array ?? []).compactMap(\.string) {
            guard text.hasPrefix("--") else {
                if let last = result.indices.last, result[last].value == nil { result[last].value = text }
                continue
            }
            let parts = text.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            result.append(Argument(name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : nil))
        }
        return result
    }
}
