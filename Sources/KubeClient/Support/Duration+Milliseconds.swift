extension Duration {
    /// The duration in whole milliseconds, at least 1 and at most `Int.max`.
    var milliseconds: Int { max(1, Int(clamping: attoseconds / 1_000_000_000_000_000)) }
}
