/// The credentials of one attempt of a call. Each attempt gets new ones, so that renewed credentials apply immediately.
struct RequestCredential: Sendable {
    /// The value of the `Authorization` header.
    var authorization: Redacted<String>?
    /// The connection settings with the trusted authorities and the client certificate.
    var connection: ConnectionSettings
    /// The generation of the credentials, which a refresh increments.
    var generation = 0
}
