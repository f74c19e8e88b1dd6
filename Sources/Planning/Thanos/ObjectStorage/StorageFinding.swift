import Kube

/// What is wrong with the configuration of an object storage.
///
/// A message never has the value of a key, which may be a credential.
struct StorageFinding: Hashable {
    enum Severity { case error, warning }

    let severity: Severity
    /// The key; empty for the configuration as a whole.
    let path: FieldPath
    /// What was found and what would be right.
    let message: String

    /// Something with which Thanos does not start.
    static func error(_ path: FieldPath, _ message: String) -> StorageFinding {
        StorageFinding(severity: .error, path: path, message: message)
    }

    /// The same for a key below `config`.
    static func error(_ key: String, _ message: String) -> StorageFinding {
        error(FieldPath("config.\(key)"), message)
    }

    /// Something that Thanos takes, but probably not as it is meant.
    static func warning(_ path: FieldPath, _ message: String) -> StorageFinding {
        StorageFinding(severity: .warning, path: path, message: message)
    }

    /// The finding as it is put into a message about the Secret.
    var text: String { path.steps.isEmpty ? message : "\(path): \(message)" }
}
