import Kube

/// HTTP basic authentication with a user name and password from Secrets: prometheus-operator's BasicAuth.
public struct BasicAuthSpec: Sendable, Hashable, Codable {
    /// The Secret key with the user name.
    public var username: KeySelector?
    /// The Secret key with the password.
    public var password: KeySelector?

    static let schema = Schema.object(
        [
            "username": KeySelector.schema("The Secret key with the user name."),
            "password": KeySelector.schema("The Secret key with the password."),
        ], description: "HTTP basic authentication. Excludes the other authentication methods.")
}
