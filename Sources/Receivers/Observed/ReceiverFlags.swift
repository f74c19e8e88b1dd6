import Kube

/// The arguments of `thanos receive` in a pod template that others write, reduced to what a hashring depends on.
public struct ReceiverFlags: Sendable, Hashable {
    /// The values of the flags of ``names`` that are set, without the dashes of their names. References to variables that
    /// the template sets are replaced where the value is known for the first pod.
    public private(set) var values: [String: String] = [:]
    /// What is mounted where `--receive.hashrings-file` looks; nil without that flag.
    public private(set) var file: FileSource?

    /// Where a file in a container comes from.
    public enum FileSource: Sendable, Hashable {
        /// A key of a ConfigMap. A single file of it, mounted by `subPath`, never changes.
        case configMap(String, key: String, isSingleFile: Bool)
        /// No volume is mounted there.
        case nothing
        /// Another volume, which somebody else fills.
        case other
    }

    /// The flags that are read.
    private static let names: Set<String> = [
        "receive.replication-factor", "receive.replication-protocol", "receive.hashrings-algorithm",
        "receive.hashrings-file", "receive.hashrings", "receive.hashrings-file-refresh-interval",
        "receive.local-endpoint", "receive.tenant-header", "receive.tenant-label-name",
        "receive.tenant-certificate-field", "receive.split-tenant-label-name",
    ]

    /// Reads a StatefulSet; nil if none of its containers runs `thanos receive` with arguments that can be read, as in a
    /// script.
    public init?(_ object: Object) {
        let pod = object.json["spec", "template", "spec"] ?? [:]
        let found = (pod["containers"]?.array ?? []).lazy.compactMap { container -> (JSON, [String])? in
            let words = ((container["command"]?.array ?? []) + (container["args"]?.array ?? [])).compactMap(\.string)
            return words.contains { $0 == "receive" || $0.hasPrefix("--receive.") } ? (container, words) : nil
        }.first
        guard let (container, words) = found else { return nil }
        let variables = Self.variables(of: container, in: object)
        for (index, word) in words.enumerated() where word.hasPrefix("--") {
            let name = String(word.dropFirst(2).prefix { $0 != "=" })
            guard Self.names.contains(name) else { continue }
            let isWhole = word.utf8.count == name.utf8.count + 2
            guard !isWhole || index + 1 < words.count else { continue }
            let value = isWhole ? words[index + 1] : String(word.dropFirst(name.utf8.count + 3))
            values[name] = Self.expanding(value, variables)
        }
        file = values["receive.hashrings-file"].map { Self.source(of: $0, container, pod) }
    }

    /// The value of a flag; nil if it is not set, or contains a variable whose value is not known.
    public func known(_ flag: String) -> String? { values[flag].flatMap { $0.contains("$(") ? nil : $0 } }

    /// Whether a flag is set.
    public func has(_ flag: String) -> Bool { values[flag] != nil }

    // MARK: - Variables

    private static func variables(of container: JSON, in object: Object) -> [String: String] {
        let fields = [
            "metadata.name": "\(object.name)-\(max(0, object.json["spec", "ordinals", "start"]?.int ?? 0))",
            "metadata.namespace": object.namespace ?? "",
        ]
        var variables: [String: String] = [:]
        for entry in container["env"]?.array ?? [] {
            guard let name = entry["name"]?.string else { continue }
            if let field = entry["valueFrom", "fieldRef", "fieldPath"]?.string {
                variables[name] = fields[field]
            } else if let value = entry["value"]?.string {
                variables[name] = expanding(value, variables)
            }
        }
        return variables
    }

    private static func expanding(_ text: String, _ variables: [String: String]) -> String {
        guard text.utf8.count < 4096 else { return text }
        return variables.sorted { $0.key < $1.key }.reduce(text) { $0.replacing("$(\($1.key))", with: $1.value) }
    }

    // MARK: - Volumes

    private static func source(of path: String, _ container: JSON, _ pod: JSON) -> FileSource {
        let path = components(path)
        // The longest mount path applies.
        let mount = (container["volumeMounts"]?.array ?? []).filter {
            path.starts(with: components($0["mountPath"]?.string ?? ""))
        }
        .max { components($0["mountPath"]?.string ?? "").count < components($1["mountPath"]?.string ?? "").count }
        guard let mount else { return .nothing }
        let volume = (pod["volumes"]?.array ?? []).first { $0["name"] == mount["name"] }
        let projected = (volume?["projected", "sources"]?.array ?? []).compactMap { $0["configMap"] }
        let maps = volume?["configMap"].map { [$0] } ?? projected
        guard maps.count == 1, let map = maps.first, let name = map["name"]?.string else { return .other }
        let rest = path.dropFirst(components(mount["mountPath"]?.string ?? "").count)
        let single = (mount["subPath"] ?? mount["subPathExpr"])?.string
        let inVolume = (single.map(components) ?? []) + rest
        let file = inVolume.joined(separator: "/")
        let item = (map["items"]?.array ?? []).first { $0["path"]?.string == file }
        return .configMap(name, key: item?["key"]?.string ?? file, isSingleFile: single != nil && rest.isEmpty)
    }

    private static func components(_ path: String) -> [String] {
        path.split(separator: "/").filter { $0 != "." }.map(String.init)
    }
}
