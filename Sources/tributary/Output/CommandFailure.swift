/// An error whose line goes to standard error as it is, and ends the command with exit code 1.
struct CommandFailure: Error {
    /// The whole line: the place or `error`, a colon, what is wrong.
    var line: String
}
