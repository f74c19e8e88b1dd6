#if canImport(Glibc)
import Glibc
#endif

/// Replaces `$(NAME)` with the value of an environment variable, only for requested names.
///
/// The syntax is that of prometheus-operator's config-reloader. All other text stays unchanged: a relabel rule or a
/// password may contain a dollar sign and parentheses.
public struct Expansion: Sendable, Hashable {
    private let values: [String: [UInt8]]

    /// A requested variable that is not set.
    public struct Unset: Error, Hashable, CustomStringConvertible {
        var name: String
        /// The name of the variable and the problem, on one line.
        public var description: String { "the environment variable \(name) is not set" }
    }

    /// Reads the values of variables, by default of this process; throws ``Unset`` for one that is not set.
    public init(_ names: [String], from environment: (String) -> String? = Self.environment) throws(Unset) {
        var values: [String: [UInt8]] = [:]
        for name in names {
            guard let value = environment(name) else { throw Unset(name: name) }
            values[name] = Array(value.utf8)
        }
        self.values = values
    }

    /// The value of an environment variable of this process.
    public static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The text with the variables expanded. Values are not expanded again.
    func apply(to text: [UInt8]) -> [UInt8] {
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

    /// The longest name of a variable, which limits the search for the closing parenthesis.
    private static let longestName = 128
}
