import Kube
import PrometheusConfig
import YAML

/// Checks the configuration of an object storage as Thanos reads it.
struct StorageConfiguration {
    /// The newest version of Thanos whose keys the tables have. A later one may know more.
    static let newest = PrometheusVersion(0, 43)

    private let version: PrometheusVersion

    /// What is wrong with a configuration, the worst first.
    static func findings(in bytes: [UInt8], for version: PrometheusVersion) -> [StorageFinding] {
        let all = StorageConfiguration(version: version).check(bytes)
        return all.filter { $0.severity == .error } + all.filter { $0.severity == .warning }
    }

    private func check(_ bytes: [UInt8]) -> [StorageFinding] {
        let root = FieldPath()
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return [.error(root, "is not valid UTF-8")]
        }
        if text.allSatisfy(\.isWhitespace) { return [.error(root, "is empty; \(Self.example)")] }
        let document: YAMLDocument
        do throws(YAMLError) {
            document = try YAML.parseOne(bytes)
        } catch {
            // The reason may quote what stands there, and what stands there may be a credential.
            return [.error(root, "is not valid YAML at \(Self.words(error.position)); \(Self.example)")]
        }
        guard let members = document.value.object else {
            return [.error(root, "should be a map with \"type\" and \"config\", not \(document.value.typeName)")]
        }
        var findings = variables(in: text)
        findings += unknown(members, [StorageKey("type"), StorageKey("config"), StorageKey("prefix")], root, true)
        if let prefix = members["prefix"], !prefix.isScalar { findings.append(wrong(FieldPath("prefix"), "a text")) }
        guard let type = members["type"], !type.isNull, type != "" else {
            return findings + [.error(FieldPath("type"), "is required; \(Self.types)")]
        }
        // Thanos does not regard case here.
        guard let name = type.string,
            let provider = StorageProvider.all.first(where: { $0.type == name.uppercased() })
        else {
            let shown = type.string.flatMap { Self.isPlain($0) ? "\"\($0)\" " : nil } ?? ""
            let near = type.string.flatMap { Nearest.name(to: $0, among: StorageProvider.all.map(\.type)) }
            return findings + [
                .error(
                    FieldPath("type"),
                    "\(shown)is not an object storage that Thanos knows; \(near.map { "did you mean \($0)?" } ?? Self.types)"
                )
            ]
        }
        let config = members["config"] ?? .null
        guard config.isNull || config.object != nil else { return findings + [wrong(FieldPath("config"), "a map")] }
        return findings + check(config, provider)
    }

    private func check(_ config: JSON, _ provider: StorageProvider) -> [StorageFinding] {
        let values = StorageValues(config)
        var findings = check(config.object ?? [:], provider.keys(), FieldPath("config"), provider.isStrict)
        for key in provider.required where !values.has(key) {
            findings.append(.error(key, "is required by \(provider.type)"))
        }
        return findings + provider.problems(values)
    }

    // MARK: - Keys and values

    private func check(
        _ members: JSON.Members, _ keys: [StorageKey], _ path: FieldPath, _ isStrict: Bool
    ) -> [StorageFinding] {
        var findings = unknown(members, keys, path, isStrict)
        for key in keys {
            guard let value = members[key.name], !value.isNull else { continue }
            findings += check(value, key, path.appending(key.name), isStrict)
        }
        return findings
    }

    private func check(_ value: JSON, _ key: StorageKey, _ path: FieldPath, _ isStrict: Bool) -> [StorageFinding] {
        switch key.kind {
        case .text:
            guard value.isScalar else { return [wrong(path, "a text")] }
            // Thanos writes such a value anew before it reads it as a text: 0777 becomes 511.
            guard value.string == nil else { return [] }
            return [
                .warning(path, "should be in quotes: YAML takes it for a \(value.bool == nil ? "number" : "boolean")")
            ]
        case .flag: return value.bool == nil ? [wrong(path, "true or false")] : []
        case .count:
            switch value {
            case .int(let number): return number < 0 ? [wrong(path, "a number of at least 0")] : []
            case .double: return []
            default: return [wrong(path, "a whole number")]
            }
        case .duration:
            let text = value == 0 ? "0" : value.string ?? ""
            return PrometheusDuration(text) == nil ? [wrong(path, "a duration such as 90s")] : []
        case .texts:
            guard let members = value.object else { return [wrong(path, "a map of texts")] }
            return members.values.allSatisfy(\.isScalar) ? [] : [wrong(path, "a map of texts")]
        case .file:
            guard let text = value.string else { return [wrong(path, "the path of a file")] }
            return text.isEmpty ? [] : [.warning(path, "names a file that the pods have only if their image has it")]
        case .keys(let keys):
            guard let members = value.object else { return [wrong(path, "a map")] }
            return check(members, keys, path, isStrict)
        }
    }

    private func wrong(_ path: FieldPath, _ expected: String) -> StorageFinding {
        .error(path, "should be \(expected)")
    }

    private func unknown(
        _ members: JSON.Members, _ keys: [StorageKey], _ path: FieldPath, _ isStrict: Bool
    ) -> [StorageFinding] {
        members.keys.compactMap { name in
            if let key = keys.first(where: { $0.name == name }) {
                guard let since = key.since, !key.isKnown(to: version) else { return nil }
                return .error(path.appending(name), "is known to Thanos v0.\(since).0 and later only")
            }
            let near = Nearest.name(to: name, among: keys.map(\.name))
            // A key in the wrong place may be a credential.
            let place = near != nil || Self.isPlain(name) ? path.appending(name) : path
            let what = place == path ? "has a key that Thanos does not know" : "is no key that Thanos knows"
            let message = what + (near.map { ". Did you mean \"\($0)\"?" } ?? "")
            return isStrict && version <= Self.newest ? .error(place, message) : .warning(place, message)
        }
    }

    /// Thanos puts variables of its environment into the file, and does not start if one is not set.
    private func variables(in text: String) -> [StorageFinding] {
        guard let name = text.firstMatch(of: #/\$\(([a-zA-Z_0-9]+)\)/#)?.1 else { return [] }
        return [
            .error(FieldPath(), "has $(\(name)): pods have no such variable, and Thanos does not start without it")
        ]
    }

    // MARK: - Words

    private static let example =
        "it should be YAML such as {type: S3, config: {bucket: metrics, endpoint: s3.example.org}}"
    private static var types: String {
        "it should be one of \(StorageProvider.all.map(\.type).joined(separator: ", "))"
    }

    private static func words(_ position: YAMLPosition) -> String {
        "line \(position.line), column \(position.column)"
    }

    /// Whether a text looks like the name of a key, and unlike a credential.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= 32 && !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "_-.".utf8.contains(byte)
            }
    }
}

extension JSON {
    /// Whether the value is a text, a number or a boolean.
    fileprivate var isScalar: Bool {
        switch self {
        case .string, .int, .double, .bool: true
        default: false
        }
    }
}
