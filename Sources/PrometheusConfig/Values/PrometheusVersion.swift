/// A version of Prometheus, such as `v3.5.0`: what its configuration file and its flags may say depends on it.
public struct PrometheusVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first number.
    public var major: Int
    /// The second number.
    public var minor: Int
    /// The third number.
    public var patch: Int

    /// A version.
    public init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads `v3.5.0`, `3.5.0`, or `3.5`; what follows `-` or `+` does not count. Nil for anything else.
    public init?(_ text: String) {
        let core = text.drop { $0 == "v" }.prefix { $0 != "-" && $0 != "+" }
        let numbers = core.split(separator: ".", omittingEmptySubsequences: false).map { UInt16($0) }
        guard text.count - core.count <= 64, (2...3).contains(numbers.count), let major = numbers[0],
            let minor = numbers[1], let patch = numbers.count == 3 ? numbers[2] : 0
        else { return nil }
        self.init(Int(major), Int(minor), Int(patch))
    }

    /// The version as images are tagged.
    public var description: String { "v\(major).\(minor).\(patch)" }

    /// Whether the left version is older.
    public static func < (left: PrometheusVersion, right: PrometheusVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    /// The oldest version that has an agent mode.
    public static let firstAgent = PrometheusVersion(2, 32)
    /// The newest version whose configuration file this program knows.
    public static let newestKnown = PrometheusVersion(3, 13, 99)
}
