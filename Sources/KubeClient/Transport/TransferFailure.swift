/// Why an exchange failed, without the name of the call.
struct TransferFailure: Error, Hashable {
    var kind: KubeClientError.Code
    var problem: String
}

extension TransferFailure {
    static let shutDown = TransferFailure(kind: .cancelled, problem: "the client has shut down")
}
