public import Kube

/// A problem in a hashring or limits file: Thanos would fail on it, or do something unexpected.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// A warning: Thanos accepts the file, but it does not do what it seems to. An error: receivers would refuse the file,
    /// exit, hang or fail requests, and it must not be published.
    public var severity: Severity
    /// The name of the hashring, or its place in the file (`#2`) if it has none; nil for the file as a whole.
    public var ring: String?
    /// The field in the file.
    public var field: FieldPath
    /// What was found, what it causes and what would be right; lower case, on one line.
    public var message: String

    /// A finding.
    public init(severity: Severity, ring: String? = nil, field: FieldPath, message: String) {
        self.severity = severity
        self.ring = ring
        self.field = field
        self.message = message
    }

    /// The message with the hashring and the field.
    public var description: String {
        (ring.map { "hashring \"\($0.printable)\": " } ?? "") + (field.steps.isEmpty ? message : "\(field): \(message)")
    }
}

extension HashringFile {
    /// The findings about publishing this file, in the order of the hashrings. It must not be published with errors.
    ///
    /// `replicationFactor` and `defaultAlgorithm` are the receivers' flags `--receive.replication-factor` and
    /// `--receive.hashrings-algorithm`. `previous` is the text that is published now, to the byte, or nil if there is
    /// none: some changes from one file to the next crash running receivers although both files are valid. `text` is
    /// the text to publish, or nil for that of ``encoded(_:)``. `routers` are the addresses of routers that run without
    /// `--receive.local-endpoint`. `version` is that of the receivers; nil counts as the newest.
    public func validate(
        replicationFactor: Int, defaultAlgorithm: Algorithm = .hashmod, previous: String? = nil, text: String? = nil,
        routers: Set<String> = [], version: ReceiverVersion? = nil
    ) -> [Finding] {
        var findings = fileFindings()
        if let version { findings += versionFindings(version, text: text ?? encoded()) }
        for (index, ring) in rings.enumerated() {
            let context = HashringContext(
                ring: ring, index: index, replicationFactor: replicationFactor,
                algorithm: ring.algorithm ?? defaultAlgorithm)
            findings += context.keyFindings()
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

/// A hashring and what else the rules need to know.
struct HashringContext {
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
    func finding(_ severity: Severity, _ field: FieldPath, _ message: String) -> Finding {
        Finding(severity: severity, ring: label, field: field, message: message)
    }
}

/// `1 endpoint`, `2 endpoints`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
