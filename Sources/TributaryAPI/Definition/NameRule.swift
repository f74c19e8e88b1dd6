import Kube

/// The rule for names of objects, which become part of the names of Services and of the labels of pods.
enum NameRule {
    /// At most `max` characters: with a suffix, a StatefulSet's name may have 52 characters and a Service's 63.
    static func rules<T: CustomResource>(_ type: T.Type = T.self, max: Int) -> [CheckedRule<T>] {
        [
            CheckedRule(
                "self.metadata.name.size() <= \(max) && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
                "should have at most \(max) characters, contain only lower-case letters, digits and hyphens, start "
                    + "with a letter and end with a letter or digit: it becomes part of Service names",
                at: "metadata.name",
                found: .init(cel: "'\"' + self.metadata.name + '\"'") { "\"\($0.metadata.name)\"" }
            ) { object in
                let name = object.metadata.name.utf8
                guard let first = name.first, let last = name.last, name.count <= max, first.isASCIILowercase else {
                    return false
                }
                let hyphen = UInt8(ascii: "-")
                return last != hyphen && name.allSatisfy { $0.isASCIILowercase || $0.isASCIIDigit || $0 == hyphen }
            }
        ]
    }
}
