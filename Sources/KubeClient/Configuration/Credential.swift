/// What one attempt of a call shows the server: made anew for each attempt, so that renewed credentials are used at once.
struct Credential: Sendable {
    /// The `Authorization` header's value.
    var authorization: Redacted<String>?
    /// Trust and client certificate.
    var connection: ConnectionSettings
    /// Which state of the credentials this is; a refresh makes a later one.
    var generation = 0
}
