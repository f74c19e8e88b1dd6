import Kube

/// HTTP basic authentication, its parts in Secrets of the same namespace.
public struct BasicAuthSpec: Sendable, Hashable, Codable {
    public var username: KeySelector?
    public var password: KeySelector?

    static let schema = Schema.object(
        [
            "username": KeySelector.schema("The Secret with the user's name."),
            "password": KeySelector.schema("The Secret with the password."),
        ], description: "HTTP basic authentication. Excludes authorization and oauth2.")
}
