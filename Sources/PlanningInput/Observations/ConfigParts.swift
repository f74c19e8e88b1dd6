public import Kube

/// The number of Secrets that an agent's configuration is split into.
public enum ConfigParts {
    /// The number for the Secret that names the others; nil for any other Secret.
    public static func number(of secret: Object) -> Int? {
        secret.annotations[Names.configPartsAnnotation].flatMap { Int($0) }
    }
}
