/// A message whose series all have the label of one tenant.
struct RewrittenMessage {
    var bytes: [UInt8]
    /// The number of series.
    var series: Int
}

extension TenantLabel {
    /// The message with this label on every series, in place of all labels of that name.
    ///
    /// Other fields of series are copied byte for byte. Throws ``RewriteFault`` if the message is malformed or the result
    /// would be longer than a limit: a label is longer than the shortest series, so that a small message can have a huge
    /// result.
    func forced(
        on message: [UInt8], _ version: RemoteWriteVersion, limit: Int
    ) throws(RewriteFault) -> RewrittenMessage {
        switch version {
        case .first:
            var rewriter = FirstVersionRewriter(message, self, limit: limit)
            return try rewriter.rewrite()
        case .second:
            var rewriter = SecondVersionRewriter(message, self, limit: limit)
            return try rewriter.rewrite()
        }
    }
}
