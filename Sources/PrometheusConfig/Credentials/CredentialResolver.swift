public import Kube

/// A key of a Secret or a ConfigMap that a job needs.
public struct CredentialReference: Sendable, Hashable, CustomStringConvertible {
    /// What is referred to.
    public enum Kind: String, Sendable {
        case secret, configMap
    }

    /// What is referred to.
    public var kind: Kind
    /// The namespace of the Secret or ConfigMap.
    public var namespace: String
    /// Its name.
    public var name: String
    /// The key in it.
    public var key: String

    /// A reference.
    public init(_ kind: Kind, namespace: String, name: String, key: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.key = key
    }

    /// The name of the file with the content, unique among all references: neither a namespace nor a name has a `_`.
    public var fileName: String { "\(kind.rawValue.lowercased())_\(namespace)_\(name)_\(key)" }

    /// The reference as messages name it: `key "token" of Secret shop/scrape`.
    public var description: String {
        "key \"\(key)\" of \(kind == .secret ? "Secret" : "ConfigMap") \(namespace)/\(name)"
    }
}

/// Hands credentials to jobs while they are made, and notes which were asked for.
public struct Credentials {
    /// What was found of a reference.
    public enum Found: Sendable, Hashable {
        /// The content.
        case value(String)
        /// It is taken to be there, and nothing is known of its content.
        case assumed
        /// There is none, and why: lower case, such as `there is no Secret shop/scrape`.
        case missing(String)
    }

    /// The folder of an agent's pod that has the files.
    public static let folder = "/etc/prometheus/assets"

    private let find: (CredentialReference) -> Found
    /// What jobs read as files, which the pod needs.
    public private(set) var files: Set<CredentialReference> = []
    /// What stands in the configuration itself, since Prometheus reads no file for it.
    public private(set) var values: Set<CredentialReference> = []
    /// All that was asked for, whether it was found or not: when one of these changes, the jobs have to be made again.
    public private(set) var asked: Set<CredentialReference> = []

    /// All that jobs use.
    public var used: Set<CredentialReference> { files.union(values) }

    /// Credentials that are looked up by a function.
    public init(find: @escaping (CredentialReference) -> Found) { self.find = find }

    /// The path of the file with a credential, in the agent's pod.
    ///
    /// Throws ``FieldError`` at the referring field where there is no such credential.
    public mutating func file(_ reference: CredentialReference, at path: FieldPath) throws(FieldError) -> String {
        try file(reference, at: path) { _ in nil }
    }

    /// The path of the file with a credential whose content a function has looked at: it says what is wrong, or nil.
    mutating func file(
        _ reference: CredentialReference, at path: FieldPath, problem: (String) -> String?
    ) throws(FieldError) -> String {
        try require(reference, at: path, problem: problem)
        files.insert(reference)
        return "\(Self.folder)/\(reference.fileName)"
    }

    /// Looks whether there is a credential that the pod gets as a file by other means.
    ///
    /// Throws ``FieldError`` at the referring field where there is none.
    public mutating func require(_ reference: CredentialReference, at path: FieldPath) throws(FieldError) {
        try require(reference, at: path) { _ in nil }
    }

    /// Looks whether there is a certificate or a private key that the pod gets as a file by other means.
    ///
    /// Throws ``FieldError`` at the referring field where there is none, or something else is there.
    public mutating func require(
        _ reference: CredentialReference, _ block: PEMBlock, at path: FieldPath
    ) throws(FieldError) {
        try require(reference, at: path, problem: block.problem)
    }

    private mutating func require(
        _ reference: CredentialReference, at path: FieldPath, problem: (String) -> String?
    ) throws(FieldError) {
        guard let text = try look(reference, at: path), let problem = problem(text) else { return }
        throw FieldError(path, "\(reference) \(problem)")
    }

    /// A credential itself, for what Prometheus reads from no file; `***` where its content is not known.
    ///
    /// Throws ``FieldError`` at the referring field where there is no such credential.
    public mutating func value(_ reference: CredentialReference, at path: FieldPath) throws(FieldError) -> String {
        let text = try look(reference, at: path)
        values.insert(reference)
        return text ?? "***"
    }

    private mutating func look(_ reference: CredentialReference, at path: FieldPath) throws(FieldError) -> String? {
        asked.insert(reference)
        switch find(reference) {
        case .value(let text): return text
        case .assumed: return nil
        case .missing(let reason): throw FieldError(path, reason)
        }
    }
}
