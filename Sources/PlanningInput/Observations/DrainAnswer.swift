/// The answer of a draining shard's pods to the question what is left to send.
public enum DrainAnswer: Sendable, Hashable {
    /// They have sent everything.
    case sent
    /// They answer and have something left to send.
    case answering
    /// They do not answer; the text is the reason.
    case silent(String)
}
