/// Why an exchange failed, without the name of the call.
struct TransferFailure: Error, Hashable {
    var kind: KubeClientError.Code
    var problem: String
}

extension TransferFailure {
    static let shutDown = TransferFailure(kind: .cancelled, problem: "the client has shut down")
    static let tooLate = TransferFailure(kind: .timedOut, problem: "not sent: the time in which it may be is over")
}
