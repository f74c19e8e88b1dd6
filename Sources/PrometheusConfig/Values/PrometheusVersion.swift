/// A version of Prometheus, such as `v3.5.0`, which decides what its configuration file and its flags can contain.
public struct PrometheusVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first number.
    public var major: Int
    /// The second number.
    public var minor: Int
    /// The third number.
    public var patch: Int

    /// Creates a version from its numbers.
    public init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads `v3.5.0`, `3.5.0` or `3.5`, and ignores what follows `-` or `+`; nil for any other text.
    public init?(_ text: String) {
        let core = text.drop { $0 == "v" }.prefix { $0 != "-" && $0 != "+" }
        let numbers = core.split(separator: ".", omittingEmptySubsequences: false).map { UInt16($0) }
        guard text.count - core.count <= 64, (2...3).contains(numbers.count), let major = numbers[0],
            let minor = numbers[1], let patch = numbers.count == 3 ? numbers[2] : 0
        else { return nil }
        self.init(Int(major), Int(minor), Int(patch))
    }

    /// The version as image tags have it.
    public var description: String { "v\(major).\(minor).\(patch)" }

    /// Whether the left version is older than the right one.
    public static func < (left: PrometheusVersion, right: PrometheusVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    /// The problem of what a later version introduced: `needs Prometheus v3.1.0, this is v2.53.0`.
    func needs(_ first: PrometheusVersion) -> String { "needs Prometheus \(first), this is \(self)" }
}

extension PrometheusVersion {
    /// Whether the interval at which Prometheus looks for a changed configuration can be set: from 3.0 on.
    public var takesReloadInterval: Bool { major >= 3 }

    /// The first version with an agent mode.
    static let firstAgent = PrometheusVersion(2, 32)
    /// The newest version whose configuration file this program knows.
    static let newestKnown = PrometheusVersion(3, 14, 99)
    /// The first version that reads the user name of basic authentication from a file.
    static let firstUsernameFile = PrometheusVersion(2, 49)

    /// Whether labels can have any UTF-8 name: from 3.0 on.
    var allowsAnyLabelName: Bool { major >= 3 }
}
