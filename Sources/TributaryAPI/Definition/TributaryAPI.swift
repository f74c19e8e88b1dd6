import Kube

/// Tributary's API group.
public enum TributaryAPI {
    /// The name of the API group.
    public static let group = "tributary.dev"
    /// The version in which the API server serves and stores the kinds.
    public static let version = "v1alpha1"

    static func resource(_ kind: String, plural: String) -> Resource {
        Resource(group: group, version: version, kind: kind, plural: plural)
    }
}
