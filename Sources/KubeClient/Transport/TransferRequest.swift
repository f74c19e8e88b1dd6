/// The parameters of an HTTP exchange for libcurl's thread.
struct TransferRequest: Sendable {
    var method: String
    /// The complete URL for libcurl.
    var url: String
    /// The header fields, `Name: value`, including the credential.
    var headers: [String] = []
    var body: [UInt8]?
    var mode: TransferStateMachine.Mode
    var connection: ConnectionSettings
    var limits: TimeLimits
    var userAgent: String
    /// Whether other exchanges may use the same connection before and after.
    var sharesConnection = true
}
