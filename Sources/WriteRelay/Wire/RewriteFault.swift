/// Why a message cannot be rewritten.
enum RewriteFault: Error, Hashable {
    /// What is wrong with the message.
    case malformed(String)
    /// The message would be longer than this many bytes.
    case tooLong(Int)
}
