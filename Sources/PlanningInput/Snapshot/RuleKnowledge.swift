/// Whether it is known which PrometheusRules there are.
public enum RuleKnowledge: Sendable, Hashable {
    /// All that are selected are in the snapshot.
    case known
    /// Watches have not shown all yet; the text says why one fails, if one does.
    case unknown(String?)
}
