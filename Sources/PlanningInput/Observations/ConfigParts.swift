public import Kube

/// The number of Secrets that an agent's configuration is split into.
public enum ConfigParts {
    /// The number for the Secret that names the others, or for a workload whose pods mount them; nil for any other object.
    public static func number(of object: Object) -> Int? {
        object.annotations[Names.configPartsAnnotation].flatMap { Int($0) }
    }
}
