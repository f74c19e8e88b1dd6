#if canImport(Glibc)
import Glibc
#endif

/// Replaces `$(NAME)` by a variable's value, for the names that are asked for and for no others.
///
/// The syntax is that of prometheus-operator's config-reloader. What is not asked for stays as it is written: a relabel
/// rule or a password may well have a dollar and parentheses in it.
public struct Expansion: Sendable, Hashable {
    private let values: [String: [UInt8]]

    /// A variable that is asked for and not set.
    public struct Unset: Error, Hashable, CustomStringConvertible {
        public var name: String
        public var description: String { "the environment variable \(name) is not set" }
    }

    /// Takes the values of some variables, by default this process's; throws ``Unset`` where one has none.
    public init(_ names: [String], from environment: (String) -> String? = Self.environment) throws(Unset) {
        var values: [String: [UInt8]] = [:]
        for name in names {
            guard let value = environment(name) else { throw Unset(name: name) }
            values[name] = Array(value.utf8)
        }
        self.values = values
    }

    /// The value of one of this process's environment variables.
    public static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The text with the variables' values in it; a value that looks like a variable itself is not expanded again.
    public func apply(to text: [UInt8]) -> [UInt8] {
        guard !values.isEmpty else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            if let (value, end) = variable(at: index, in: text) {
                result += value
                index = end
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    private func variable(at start: Int, in text: [UInt8]) -> (value: [UInt8], end: Int)? {
        guard text[start] == UInt8(ascii: "$"), start + 1 < text.endIndex, text[start + 1] == UInt8(ascii: "("),
            let close = text[(start + 2)...].prefix(Self.longestName + 1).firstIndex(of: UInt8(ascii: ")")),
            let value = values[String(decoding: text[(start + 2)..<close], as: UTF8.self)]
        else { return nil }
        return (value, close + 1)
    }

    /// How far to look for the closing parenthesis.
    private static let longestName = 128
}
