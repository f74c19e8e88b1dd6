import Crypto
import Kube
import PlanningInput

/// The ConfigMaps that hold rule files, as few as they fit into.
struct RuleParts {
    /// The most bytes of files in one ConfigMap, which may have 1 MiB.
    static let mostBytes = 900 << 10

    /// The files of each ConfigMap.
    let parts: [[String: String]]

    init(_ files: [String: String]) {
        // Files come to the same part for as long as the number of parts stays.
        var count = 1
        while true {
            var parts = [[String: String]](repeating: [:], count: count)
            var sizes = [Int](repeating: 0, count: count)
            for (name, text) in files {
                let part = Self.part(of: name, among: count)
                parts[part][name] = text
                sizes[part] += name.utf8.count + text.utf8.count
            }
            if count == RulerNames.mostParts || sizes.allSatisfy({ $0 <= Self.mostBytes }) {
                self.parts = parts
                return
            }
            count *= 2
        }
    }

    private static func part(of name: String, among count: Int) -> Int {
        Int(SHA256.hexadecimal(name).prefix(4), radix: 16).map { $0 % count } ?? 0
    }

    /// The ConfigMaps of an owner.
    func objects(_ owner: Owner, _ name: String, labels: [String: String]) -> [Object] {
        parts.enumerated().map { index, files in
            owner.object(.configMaps, RulerNames.part(index, of: name), labels: labels, ["data": JSON(files)])
        }
    }

    /// The volume with all files.
    func volume(_ name: String) -> JSON {
        let sources = parts.indices.map { index -> JSON in
            ["configMap": ["name": JSON(RulerNames.part(index, of: name)), "optional": true]]
        }
        return ["name": "rules", "projected": ["sources": .array(sources)]]
    }
}
