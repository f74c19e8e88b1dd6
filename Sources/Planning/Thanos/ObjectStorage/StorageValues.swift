import Kube

/// The values below `config`, as Thanos reads them: an absent key, `null` and an empty text are the same.
struct StorageValues {
    private let members: JSON.Members

    init(_ config: JSON?) { members = config?.object ?? [:] }

    private func value(_ path: String) -> JSON? {
        var current = JSON.object(members)
        for key in path.split(separator: ".") {
            guard let next = current[String(key)] else { return nil }
            current = next
        }
        return current
    }

    /// A text, also one that YAML takes for a number or a boolean; nil if it is empty.
    func text(_ path: String) -> String? {
        switch value(path) {
        case .string(let text)?: text.isEmpty ? nil : text
        case .int?, .double?, .bool?: value(path)?.text()
        default: nil
        }
    }

    /// Whether a key holds something.
    func has(_ path: String) -> Bool { text(path) != nil }

    /// Whether a flag is on.
    func isOn(_ path: String) -> Bool { value(path)?.bool ?? false }

    /// A finding unless the value of a key is one of some words.
    func choice(_ path: String, _ words: [String]) -> StorageFinding? {
        guard let text = text(path), !words.contains(text) else { return nil }
        return .error(path, "should be one of \(words.joined(separator: ", "))")
    }

    /// A finding if some but not all of some keys are set.
    func together(_ keys: [String]) -> StorageFinding? {
        let missing = keys.filter { !has($0) }
        guard let first = missing.first, missing.count < keys.count else { return nil }
        let set = keys.filter(has).map { "config.\($0)" }.joined(separator: " and ")
        return .error(first, "is required, since there is \(set)")
    }

    /// A finding if two keys are set.
    func exclusive(_ key: String, _ other: String) -> StorageFinding? {
        has(key) && has(other) ? .error(key, "excludes config.\(other)") : nil
    }
}
