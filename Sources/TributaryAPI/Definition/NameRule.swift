import Kube

/// The rule about an object's name: it becomes part of the names of Services and of pods' labels.
enum NameRule {
    /// At most `max` characters, so that with what is appended a StatefulSet's name stays within 52, a Service's in 63.
    static func rules<T: CustomResource>(_ type: T.Type = T.self, max: Int) -> [CheckedRule<T>] {
        [
            CheckedRule(
                "self.metadata.name.size() <= \(max) && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
                "should have at most \(max) characters, lower-case letters, digits and hyphens, and begin "
                    + "with a letter: Services are named after it",
                at: "metadata.name",
                found: .init(cel: "'\"' + self.metadata.name + '\"'") { "\"\($0.metadata.name)\"" }
            ) { object in
                let name = object.metadata.name.utf8
                func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
                func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
                guard let first = name.first, let last = name.last, name.count <= max, isLetter(first) else {
                    return false
                }
                return last != UInt8(ascii: "-")
                    && name.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
            }
        ]
    }
}
