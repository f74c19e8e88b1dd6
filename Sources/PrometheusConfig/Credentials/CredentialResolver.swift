public import Kube

/// Resolves the credentials that a configuration refers to, and records which ones it asked for.
public struct CredentialResolver {
    /// The outcome of a lookup.
    public enum Found: Sendable, Hashable {
        /// The content.
        case value(String)
        /// The credential is assumed to exist, with unknown content.
        case assumed
        /// The credential does not exist; the reason is lower case, such as `there is no Secret shop/scrape`.
        case missing(String)
    }

    /// The folder with the files, in the pods of an agent.
    public static let folder = "/etc/prometheus/assets"

    private let find: (CredentialReference) -> Found
    /// The credentials that Prometheus reads from files, which the pods must have.
    public private(set) var files: Set<CredentialReference> = []
    /// The credentials that the configuration itself contains, since Prometheus does not read them from files.
    private(set) var values: Set<CredentialReference> = []
    /// All credentials that were looked up, with or without success; when one changes, the jobs have to be made again.
    public private(set) var asked: Set<CredentialReference> = []

    /// Creates a resolver that looks credentials up with a function.
    public init(find: @escaping (CredentialReference) -> Found) { self.find = find }

    /// The path of the file with a credential.
    ///
    /// `problem` checks the content. Throws ``FieldError`` at the referring field if there is no such credential, or if
    /// it has a problem.
    mutating func file(
        _ reference: CredentialReference, at path: FieldPath, problem: (String) -> String? = { _ in nil }
    ) throws(FieldError) -> String {
        try require(reference, at: path, problem: problem)
        files.insert(reference)
        return "\(Self.folder)/\(reference.fileName)"
    }

    /// Checks that a credential exists that the pods get as a file by other means.
    ///
    /// Throws ``FieldError`` at the referring field if there is none.
    public mutating func require(_ reference: CredentialReference, at path: FieldPath) throws(FieldError) {
        try require(reference, at: path) { _ in nil }
    }

    /// Checks that a certificate or a private key exists that the pods get as a file by other means.
    ///
    /// Throws ``FieldError`` at the referring field if there is none, or if the content is something else.
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

    /// The content of a credential for the configuration itself, without white space at its ends; Prometheus trims the
    /// content of files in the same way.
    ///
    /// `***` stands for unknown content. Throws ``FieldError`` at the referring field if there is no such credential.
    public mutating func trimmedValue(
        _ reference: CredentialReference, at path: FieldPath
    ) throws(FieldError) -> String {
        let text = try look(reference, at: path)
        values.insert(reference)
        return text?.trimmingSpaces ?? "***"
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
