public import Kube

/// Something about a hashring or limits file that Thanos would not bear, or that will surprise people.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Sendable, Comparable {
        /// The file is accepted, but does not do what it seems to say.
        case warning
        /// Receivers would refuse the file, exit, hang, or fail some tenant's requests: it must not be published.
        case error

        /// Whether the left is the milder one.
        public static func < (left: Severity, right: Severity) -> Bool { left == .warning && right == .error }
    }

    /// How bad it is.
    public var severity: Severity
    /// The ring by its name, or by its place in the file (`#2`) where it has none; nil where the file as a whole is meant.
    public var ring: String?
    /// The field in the file.
    public var field: FieldPath
    /// What is wrong, what was found, and what follows; lower case, on one line.
    public var message: String

    /// A finding.
    public init(severity: Severity, ring: String? = nil, field: FieldPath, message: String) {
        self.severity = severity
        self.ring = ring
        self.field = field
        self.message = message
    }

    /// The finding as a message.
    public var description: String {
        (ring.map { "hashring \"\($0.printable)\": " } ?? "") + (field.steps.isEmpty ? message : "\(field): \(message)")
    }
}

extension HashringFile {
    /// What is wrong with publishing this file, in the order of the rings; errors forbid it.
    ///
    /// `replicationFactor` and `defaultAlgorithm` are the receivers' flags `--receive.replication-factor` and
    /// `--receive.hashrings-algorithm`. `previous` is the text that is published now, to the byte: some steps from one
    /// file to the next kill running receivers though both files are fine; nil where nothing is published yet. `text`
    /// is the text that is to be published, nil for what ``encoded(_:)`` makes. `routers` are the addresses of routers
    /// that run without `--receive.local-endpoint`.
    public func validate(
        replicationFactor: Int, defaultAlgorithm: Algorithm = .hashmod, previous: String? = nil, text: String? = nil,
        routers: Set<String> = []
    ) -> [Finding] {
        var findings = fileFindings()
        for (index, ring) in rings.enumerated() {
            let context = RingContext(
                ring: ring, index: index, replicationFactor: replicationFactor,
                algorithm: ring.algorithm ?? defaultAlgorithm)
            findings += context.endpointFindings(routers: routers)
            findings += context.algorithmFindings()
            findings += context.zoneFindings()
            findings += context.shuffleShardingFindings()
            findings += context.tenantFindings(hasCatchAll: rings[index...].contains(where: \.isCatchAll))
            findings += context.labelFindings()
        }
        return findings + uncaughtFindings() + transitionFindings(from: previous, to: text ?? encoded())
    }
}

/// A ring and what the rules need to know besides.
struct RingContext {
    var ring: Hashring
    var index: Int
    var replicationFactor: Int
    var algorithm: Algorithm

    var path: FieldPath { FieldPath().appending(index) }
    var label: String { Self.label(ring, index) }
    var isKetama: Bool { algorithm == .ketama }

    static func label(_ ring: Hashring, _ index: Int) -> String { ring.name.isEmpty ? "#\(index + 1)" : ring.name }

    func error(_ field: String, _ message: String) -> Finding { finding(.error, path.appending(field), message) }
    func warning(_ field: String, _ message: String) -> Finding { finding(.warning, path.appending(field), message) }
    func finding(_ severity: Finding.Severity, _ field: FieldPath, _ message: String) -> Finding {
        Finding(severity: severity, ring: label, field: field, message: message)
    }
}

/// `1 endpoint`, `2 endpoints`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
