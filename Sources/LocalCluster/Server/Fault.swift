import Kube

/// A fault that a test injects into the answer to a request.
public enum Fault: Sendable {
    /// The server answers after a delay.
    case delay(Duration)
    /// The server closes the connection without an answer.
    case dropConnection
    /// The server answers with a status and does not execute the request.
    case status(APIStatus)

    /// 410, as from a server whose history does not reach back far enough.
    public static var gone: Fault { .status(.expired("too old resource version: injected")) }
}

/// Decides which fault to inject into a request.
///
/// This is a struct because a bare closure would be wrapped once more with every access to the generic lock.
struct FaultRule: Sendable {
    /// The fault of a request; nil for none.
    var fault: (@Sendable (RequestRecord) -> Fault?)?
}
