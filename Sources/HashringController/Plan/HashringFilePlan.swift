import Hashring
public import Kube
import Receivers

/// The plan of the hashring file to publish: a pure function of its inputs, without a clock.
///
/// The base file lists the hashrings, the labelled StatefulSets have their candidates, and `Membership` decides on the
/// members. The rules of Thanos decide whether the result may be published. If not, the published text stays.
public struct HashringFilePlan: Sendable {
    /// Why the base file is not applied; the raw values are labels of
    /// `thanos_receive_controller_reconcile_errors_total`.
    public enum Failure: String, Sendable, Hashable, CaseIterable {
        /// The base ConfigMap does not exist.
        case fetch
        /// The base file cannot be read.
        case decode
        /// Thanos would refuse the result, crash on it or hang on it.
        case validate
    }

    /// A hashring in the published file.
    public struct Entry: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// The number of its receivers.
        public var members: Int
        /// The number of tenants that it lists.
        public var tenants: Int
    }

    /// The receivers of a hashring that wait for the same reason.
    public struct Waiting: Sendable, Hashable {
        /// The name of the hashring.
        public var ring: String
        /// The `Membership.Reason`.
        public var reason: String
        /// The number of receivers.
        public var count: Int
    }

    /// The text to publish; nil as long as there is none that Thanos could use.
    public private(set) var text: String?
    /// The hashrings in ``text``.
    public private(set) var rings: [Entry] = []
    /// The receivers that wait.
    public private(set) var waiting: [Waiting] = []
    /// The messages for users.
    public private(set) var notes: [HashringNote] = []
    /// Why the base file is not applied; nil if it is.
    public private(set) var failure: Failure?
    /// Since when wanted pods have not been ready, by name: an input of the next plan.
    public private(set) var unreadySince: [String: Timestamp] = [:]
    /// When to plan again even if nothing changes.
    public private(set) var recheckAfter: Duration?
    /// Whether no change is in progress, so that pods are only listed after events.
    public private(set) var isSettled = true

    private let options: DropInOptions
    private let inputs: HashringFileInputs
    /// The file of ``text``; nil if that cannot be read.
    private var current: HashringFile?

    /// Plans the file.
    public init(_ inputs: HashringFileInputs, _ options: DropInOptions) {
        self.options = options
        self.inputs = inputs
        current = inputs.published.flatMap { try? HashringFile(parsing: $0) }
        text = inputs.published
        if let base = readBase() { follow(base) }
        rings = (current?.rings ?? []).map {
            Entry(name: $0.name, members: $0.endpoints.count, tenants: $0.tenants.count)
        }
    }

    // MARK: - The base file

    private mutating func readBase() -> HashringFile? {
        let subject = "ConfigMap \(options.baseKey)"
        let text: String
        switch inputs.base {
        case .missing:
            fail(.fetch, "BaseMissing", "\(subject) does not exist: create it or set --configmap-name")
            return nil
        case .withoutFile(let keys):
            let found = keys.isEmpty ? "found none" : "found \(keys.joined(separator: ", "))"
            fail(.decode, "BaseWithoutFile", "\(subject): no key \(options.fileName): \(found)")
            return nil
        case .text(let found): text = found
        }
        do throws(HashringFileError) {
            let file = try HashringFile(parsing: text)
            noteUnknownRings(file)
            return file
        } catch {
            let positions = HashringPositions(Array(text.utf8))
            let (line, column) =
                switch error.place {
                case .offset(let offset): positions.position(ofByte: offset)
                case .field(let field): positions.position(of: field)
                }
            let problem =
                switch error.place {
                case .offset: "not valid JSON: \(error.reason)"
                case .field: "\(error)"
                }
            fail(
                .decode, "BaseUnreadable",
                "\(subject): \(options.fileName):\(line):\(column): \(problem)")
            return nil
        }
    }

    private mutating func fail(_ failure: Failure, _ reason: String, _ message: String) {
        self.failure = failure
        let stays = text == nil ? "nothing is published yet" : "the published file stays"
        notes.append(HashringNote(severity: .error, reason: reason, message: "\(message); \(stays)"))
    }

    private mutating func noteUnknownRings(_ file: HashringFile) {
        let names = Set(file.rings.map(\.name))
        // A base file without hashrings is a worse problem, which is reported by itself.
        guard !names.isEmpty else { return }
        for set in inputs.sets.sorted(by: { $0.key < $1.key }) where !names.contains(set.ring) {
            notes.append(
                HashringNote(
                    severity: .info, reason: "RingUnknown",
                    message: "StatefulSet \(set.key) is ignored: the base file has no hashring \"\(set.ring)\""))
        }
    }

    // MARK: - Applying it

    /// The copies of each series, from the options, otherwise from the arguments of the receivers.
    private var replicationFactor: Int {
        options.replicationFactor ?? inputs.sets.compactMap(\.replicationFactor).max() ?? 1
    }

    private var algorithm: Algorithm {
        let found = inputs.sets.sorted { $0.key < $1.key }.compactMap(\.algorithm).first
        return options.algorithm ?? found ?? (options.usesZones ? .ketama : .hashmod)
    }

    private mutating func follow(_ base: HashringFile) {
        var file = HashringFile([])
        for ring in base.rings {
            var ring = ring
            ring.endpoints = members(of: ring)
            // Without receivers Thanos would refuse every request to the hashring, or exit.
            if !ring.endpoints.isEmpty { file.rings.append(ring) }
        }
        guard !file.rings.isEmpty || base.rings.isEmpty else {
            isSettled = false
            return
        }
        publish(file)
    }

    private mutating func members(of ring: Hashring) -> [Endpoint] {
        let sets = inputs.sets.filter { $0.ring == ring.name }.sorted { $0.key < $1.key }
        let published = current?.rings.first { $0.name == ring.name }?.endpoints ?? []
        guard !sets.isEmpty else {
            if !ring.endpoints.isEmpty { return ring.endpoints }
            let rest =
                published.isEmpty
                ? "it is omitted, and its tenants go to the next hashring that serves them"
                : "its published receivers stay"
            notes.append(
                HashringNote(
                    severity: .warning, reason: "NoReceivers",
                    message: "hashring \"\(ring.name)\" has no endpoints in the base file and no StatefulSet has the "
                        + "labels \(options.label) and \(DropInOptions.ringLabel)=\(ring.name): \(rest)"))
            return published
        }
        let replicas = HashringReceivers(
            ring: ring, sets: sets, published: published, inputs: inputs, options: options
        ).replicas
        unreadySince.merge(replicas.unreadySince) { first, _ in first }
        let policy = policy(ring, isFirst: published.isEmpty)
        let decision = Membership.decide(
            previous: published, observed: replicas, policy: policy, now: inputs.now, lastChange: inputs.lastChange)
        if let after = decision.recheckAfter { recheckAfter = min(after, recheckAfter ?? after) }
        if !decision.pending.isEmpty || !sets.allSatisfy(\.isComplete) { isSettled = false }
        let reasons = Dictionary(grouping: decision.pending, by: \.reason)
        waiting += reasons.map { Waiting(ring: ring.name, reason: $0.rawValue, count: $1.count) }
            .sorted { $0.reason < $1.reason }
        for set in sets { noteArguments(of: set) }
        note(ring, decision, wanted: replicas.count { $0.isWanted }, floor: policy.floor)
        noteTrouble(of: Set(decision.pending.map(\.pod)), in: ring, sets)
        return decision.members
    }

    /// Notes why receivers are not ready that the hashring waits for: the first one in full, and how many more there are.
    private mutating func noteTrouble(of waiting: Set<String>, in ring: Hashring, _ sets: [LabelledReceiverSet]) {
        var troubles: [ObjectKey: PodTrouble] = [:]
        for pod in inputs.pods where waiting.contains(pod.key.name) && sets.contains(where: { $0.key == pod.setKey }) {
            troubles[pod.key] = pod.trouble
        }
        guard let first = PodTrouble.first(of: troubles) else { return }
        notes.append(
            HashringNote(
                severity: .warning, reason: "ReceiverNotReady",
                message: "hashring \"\(ring.name)\" waits for \(first.message)"))
    }

    /// Notes the arguments of receivers that do not fit the published file.
    private mutating func noteArguments(of set: LabelledReceiverSet) {
        var expected = ReceiverFlags.Expectation()
        expected.replicationFactor = options.replicationFactor.map { ($0, "--replication-factor") }
        expected.configMap = (options.generatedName, options.fileName)
        let host = ReceiverAddress.serviceHost(
            set.receivers.serviceName, namespace: set.key.namespace, domain: options.clusterDomain)
        expected.address = ReceiverAddress.of(
            "\(set.key.name)-\(set.receivers.firstOrdinal)", host, options.port)
        for difference in set.receivers.flags?.differences(from: expected) ?? [] {
            notes.append(
                HashringNote(
                    severity: .warning, reason: "ReceiverArguments",
                    message: "StatefulSet \(set.key): --\(difference.flag) \(difference.message)"))
        }
    }

    private func policy(_ ring: Hashring, isFirst: Bool) -> Membership.Policy {
        Membership.Policy(
            replicationFactor: replicationFactor, minimumReplicas: options.minimumReplicas,
            joinAfter: options.joinAfter, leaveAfter: options.leaveAfter, maximumStep: options.maximumStep,
            stepInterval: options.stepInterval,
            // Receivers become ready only once there is a file, so the first one lists all that are wanted.
            joinsUnready: isFirst, heedsZones: (ring.algorithm ?? algorithm) == .ketama)
    }

    private mutating func note(_ ring: Hashring, _ decision: Membership.Decision, wanted: Int, floor: Int) {
        if decision.members.isEmpty {
            notes.append(
                HashringNote(
                    severity: .warning, reason: "HashringWaiting",
                    message:
                        "hashring \"\(ring.name)\" is not published yet: its StatefulSets want \(wanted) receivers "
                        + "and it needs \(floor)"))
        } else if decision.isHeld {
            let held = decision.pending.filter { $0.reason == .held }.map(\.pod)
            let bound = options.minimumReplicas >= replicationFactor ? "--min-replicas" : "the replication factor"
            notes.append(
                HashringNote(
                    severity: .warning, reason: "HashringHeld",
                    message: "hashring \"\(ring.name)\" keeps its \(decision.members.count) members although "
                        + "\(held.joined(separator: ", ")) should leave: the others would be too few, or their zones "
                        + "too uneven, for \(bound) (\(floor))"))
        }
    }

    // MARK: - Publishing

    /// Publishes the new text if it has no errors, otherwise keeps the old one.
    private mutating func publish(_ file: HashringFile) {
        let new = Self.text(of: file)
        let findings = file.validate(
            replicationFactor: replicationFactor, defaultAlgorithm: algorithm,
            previous: inputs.found ?? inputs.published, text: new)
        for finding in findings where finding.severity == .warning {
            notes.append(HashringNote(severity: .warning, reason: "HashringDoubtful", message: finding.description))
        }
        let errors = findings.filter { $0.severity == .error }
        for finding in errors { fail(.validate, "HashringInvalid", finding.description) }
        guard errors.isEmpty else { return }
        text = new
        current = file
    }

    /// The text as thanos-receive-controller writes it: on one line, with receivers as objects, and with characters of
    /// markup escaped as Go does.
    static func text(of file: HashringFile) -> String {
        let plain = file.encoded(HashringFile.Style(writesEndpointsAsObjects: true, isCompact: true))
        var text = String.UnicodeScalarView()
        // JSON has these characters only in strings.
        for scalar in plain.unicodeScalars {
            switch scalar {
            case "&": text.append(contentsOf: #"\u0026"#.unicodeScalars)
            case "<": text.append(contentsOf: #"\u003c"#.unicodeScalars)
            case ">": text.append(contentsOf: #"\u003e"#.unicodeScalars)
            case "\u{2028}": text.append(contentsOf: #"\u2028"#.unicodeScalars)
            case "\u{2029}": text.append(contentsOf: #"\u2029"#.unicodeScalars)
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}
