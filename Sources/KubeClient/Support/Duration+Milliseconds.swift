extension Duration {
    /// The duration in whole milliseconds, at least 1.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(
            1,
            Int(clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue)
                + Int(attoseconds / 1_000_000_000_000_000))
    }
}
