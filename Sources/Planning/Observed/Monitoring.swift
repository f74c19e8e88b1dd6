public import Kube
public import PrometheusConfig
import TributaryAPI

/// A Secret or a ConfigMap that monitors or agents refer to.
public struct CredentialSource: Sendable, Hashable {
    /// Which of the two.
    public var kind: CredentialReference.Kind
    /// Its namespace and name.
    public var key: ObjectKey

    /// A Secret or a ConfigMap.
    public init(_ kind: CredentialReference.Kind, _ key: ObjectKey) {
        self.kind = kind
        self.key = key
    }

    /// A Secret or a ConfigMap; nil for objects of other kinds.
    public init?(_ object: Object) {
        guard object.apiVersion == Resource.secrets.apiVersion else { return nil }
        switch object.kind {
        case Resource.secrets.kind: self.init(.secret, object.key)
        case Resource.configMaps.kind: self.init(.configMap, object.key)
        default: return nil
        }
    }

    /// The Secret or ConfigMap that has a credential.
    init(of reference: CredentialReference) {
        self.init(reference.kind, ObjectKey(namespace: reference.namespace, name: reference.name))
    }

    /// The kind as the API has it.
    public var resource: Resource { kind == .secret ? .secrets : .configMaps }
    /// The object as messages name it.
    var description: String { "\(resource.kind) \(key)" }
}

/// What a Secret or a ConfigMap holds.
public struct CredentialContent: Sendable, Hashable {
    /// The values by key.
    public var values: [String: [UInt8]]

    /// Reads a Secret or a ConfigMap; nil for other kinds.
    public init?(_ object: Object) {
        var values: [String: [UInt8]] = [:]
        switch object.kind {
        case Resource.secrets.kind:
            for (key, value) in object.json["data"]?.strings ?? [:] { values[key] = Base64.decode(value.utf8) }
            // Only files have it; the API server turns it into data.
            for (key, value) in object.json["stringData"]?.strings ?? [:] { values[key] = Array(value.utf8) }
        case Resource.configMaps.kind:
            for (key, value) in object.json["binaryData"]?.strings ?? [:] { values[key] = Base64.decode(value.utf8) }
            for (key, value) in object.json["data"]?.strings ?? [:] { values[key] = Array(value.utf8) }
        default: return nil
        }
        self.values = values
    }
}

/// What is known of monitors, and of what decides what becomes of them.
public struct Monitoring: Sendable {
    private var tables: [MonitorKind: MonitorTable] = [:]
    /// The labels of namespaces, by name.
    public private(set) var namespaces: [String: [String: String]] = [:]
    /// The Secrets and ConfigMaps that were looked at; nil where there is none.
    private var credentials: [CredentialSource: Boxed<CredentialContent?>] = [:]
    /// Whether a Secret or ConfigMap that was not looked at may exist: in a cluster, until a watch has told.
    public var looksUpCredentials = false
    /// Whether a Secret or ConfigMap that was not looked at is taken to be there: for files, which seldom have any.
    public var assumesCredentials = false
    /// The only namespace that the operator looks at and makes objects in; nil for all.
    public var onlyNamespace: String?
    /// The kinds that the API server does not serve, as their definitions are not installed.
    public var unserved: Set<MonitorKind> = []
    /// In how many parts the configurations are that are published now, by the Secret that names the parts.
    public var configParts: [ObjectKey: Int] = [:]
    /// What was made of monitors: no more than what would be made of them again.
    let memo = JobMemo()

    init() {}

    /// prometheus-operator's kinds that agents select.
    public static var kinds: [Resource] { MonitorKind.allCases.map(\.resource) }

    /// In how many parts a configuration is, for the Secret that names the parts; nil for others.
    public static func configParts(of secret: Object) -> Int? {
        secret.annotations[ConfigSecrets.annotation].flatMap { Int($0) }
    }

    /// The monitors of a kind, in the order of their jobs.
    func all(_ kind: MonitorKind) -> [ObservedMonitor] { tables[kind]?.all ?? [] }

    /// How many monitors are known.
    public var count: Int { tables.values.reduce(0) { $0 + $1.all.count } }

    /// Takes in a monitor, or its absence.
    public mutating func set(_ monitor: ObservedMonitor?, _ kind: MonitorKind, for key: ObjectKey) {
        tables[kind, default: MonitorTable()].set(monitor, for: key)
    }

    /// Takes in a namespace's labels, or its absence.
    public mutating func set(labels: [String: String]?, ofNamespace name: String) { namespaces[name] = labels }

    /// Takes in what a Secret or ConfigMap holds, or that there is none.
    public mutating func set(_ content: CredentialContent?, for source: CredentialSource) {
        credentials[source] = Boxed(content)
    }

    /// What is known of the Secret or ConfigMap with a credential, the same box for as long as nothing changes.
    func content(of reference: CredentialReference) -> Boxed<CredentialContent?>? {
        credentials[CredentialSource(of: reference)]
    }

    /// Forgets a Secret or ConfigMap: nothing is known of it any more.
    public mutating func forget(_ source: CredentialSource) { credentials[source] = nil }

    /// The labels of a namespace; every namespace has the one with its name.
    func labels(ofNamespace name: String) -> [String: String] {
        namespaces[name] ?? ["kubernetes.io/metadata.name": name]
    }

    /// What is known of a credential.
    enum Knowledge: Hashable {
        /// Nobody has looked yet.
        case unknown
        /// It is not among the files, and taken to be in the cluster.
        case assumed
        /// There is none, and why.
        case missing(String)
        case value([UInt8])
    }

    /// What is known of a credential.
    func find(_ reference: CredentialReference) -> Knowledge {
        let source = CredentialSource(of: reference)
        if let onlyNamespace, reference.namespace != onlyNamespace {
            return .missing("\(source.description) is out of reach: the operator looks at \(onlyNamespace) only")
        }
        let known = credentials[source]
        if known == nil, looksUpCredentials || assumesCredentials { return looksUpCredentials ? .unknown : .assumed }
        guard let content = known?.value else { return .missing("there is no \(source.description)") }
        guard let value = content.values[reference.key] else { return .missing("there is no \(reference)") }
        guard reference.fileName.utf8.count <= 253 else {
            return .missing("\(reference) has names that together are too long for a file's")
        }
        return .value(value)
    }

    /// What is known of a credential, for those who use it; what nobody has looked at yet is taken to be there, and the
    /// plan waits.
    ///
    /// Which keys a Secret has otherwise is told only to those who could mount it.
    func found(_ reference: CredentialReference, listingKeys: Bool = false) -> CredentialResolver.Found {
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
                ?? .missing("\(reference) is no text in UTF-8")
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
