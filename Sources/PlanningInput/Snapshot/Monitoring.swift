public import Kube
package import PrometheusConfig

/// The monitors that are known, and what decides which jobs they make.
public struct Monitoring: Sendable {
    /// What the absence of a Secret or ConfigMap from the snapshot means.
    public enum CredentialLookup: Sendable {
        /// It does not exist.
        case complete
        /// It is unknown until a watch has shown whether it exists: in a cluster.
        case watched
        /// It is assumed to exist in the cluster: for files, which seldom contain Secrets.
        case assumed
    }

    /// The namespaces that the operator watches and creates objects in.
    package let watched: WatchedNamespaces
    private let lookup: CredentialLookup
    private var tables: [MonitorKind: MonitorTable] = [:]
    /// The labels of namespaces, by name.
    private var namespaces: [String: [String: String]] = [:]
    /// The Secrets and ConfigMaps that have been read; nil for those that do not exist.
    private var credentials: [CredentialSource: Boxed<CredentialContent?>] = [:]
    /// The kinds that the API server does not serve, since their definitions are not installed.
    package private(set) var unserved: Set<MonitorKind> = []

    init(watched: WatchedNamespaces, lookup: CredentialLookup) {
        self.watched = watched
        self.lookup = lookup
    }

    /// prometheus-operator's kinds that agents select.
    public static var kinds: [Resource] { MonitorKind.allCases.map(\.resource) }

    /// The number of monitors.
    public var count: Int { tables.values.reduce(0) { $0 + $1.all.count } }

    /// Whether what is absent may be unknown: in a cluster.
    var isWatched: Bool {
        if case .watched = lookup { true } else { false }
    }

    // MARK: - Changing

    mutating func set(_ monitor: ObservedMonitor?, _ kind: MonitorKind, for key: ObjectKey) {
        tables[kind, default: MonitorTable()].set(monitor, for: key)
    }

    mutating func set(isServed: Bool, _ kind: MonitorKind) {
        if isServed { unserved.remove(kind) } else { unserved.insert(kind) }
    }

    mutating func set(labels: [String: String]?, ofNamespace name: String) { namespaces[name] = labels }

    mutating func set(_ content: CredentialContent?, for source: CredentialSource) {
        credentials[source] = Boxed(content)
    }

    mutating func forget(_ source: CredentialSource) { credentials[source] = nil }

    // MARK: - Reading

    /// The monitors of a kind, in the order of their jobs.
    package func all(_ kind: MonitorKind) -> [ObservedMonitor] { tables[kind]?.all ?? [] }

    func monitor(_ kind: MonitorKind, _ key: ObjectKey) -> ObservedMonitor? { tables[kind]?[key] }

    /// The labels of a namespace; every namespace has a label with its name.
    package func labels(ofNamespace name: String) -> [String: String] {
        namespaces[name] ?? ["kubernetes.io/metadata.name": name]
    }

    /// The content of the Secret or ConfigMap with a credential; the same box for as long as it does not change.
    package func content(of reference: CredentialReference) -> Boxed<CredentialContent?>? {
        credentials[CredentialSource(of: reference)]
    }

    /// What is known about a credential.
    package enum Knowledge: Hashable {
        /// No watch has shown yet whether it exists.
        case unknown
        /// It is not among the files and is assumed to exist in the cluster.
        case assumed
        /// It does not exist; the text says what is missing.
        case missing(String)
        case value([UInt8])
    }

    /// What is known about a credential.
    package func find(_ reference: CredentialReference) -> Knowledge {
        let source = CredentialSource(of: reference)
        guard watched.contains(reference.namespace) else {
            return .missing("\(source.description) is out of reach: the operator watches \(watched) only")
        }
        guard let known = credentials[source] else {
            switch lookup {
            case .watched: return .unknown
            case .assumed: return .assumed
            case .complete: return .missing("there is no \(source.description)")
            }
        }
        guard let content = known.value else { return .missing("there is no \(source.description)") }
        guard let value = content.values[reference.key] else { return .missing("there is no \(reference)") }
        guard reference.fileName.utf8.count <= 253 else {
            return .missing("\(reference) makes a file name of more than 253 bytes")
        }
        return .value(value)
    }

    /// What is known about a credential, for generated configuration. An unknown credential is assumed to exist, and
    /// the plan waits.
    ///
    /// `listingKeys` names the keys that a Secret has in the place of the missing one: only for who may mount the
    /// Secret.
    package func found(_ reference: CredentialReference, listingKeys: Bool = false) -> CredentialResolver.Found {
        switch find(reference) {
        case .unknown, .assumed: return .assumed
        case .missing(let reason):
            guard listingKeys, let content = content(of: reference)?.value,
                content.values[reference.key] == nil
            else { return .missing(reason) }
            let source = CredentialSource(of: reference).description
            return .missing("\(source) has no key \"\(reference.key)\"; it has: \(content.keys)")
        case .value(let bytes):
            return String(validating: bytes, as: UTF8.self).map { .value($0) }
                ?? .missing("\(reference) is not valid UTF-8")
        }
    }
}

extension CredentialContent {
    /// The keys in words, as many as a message has room for.
    fileprivate var keys: String {
        let most = 8
        let named = values.keys.sorted().prefix(most).joined(separator: ", ")
        if values.isEmpty { return "none" }
        return values.count > most ? "\(named) and \(values.count - most) more" : named
    }
}
