/// What the pod of a Compactor said when it was asked.
public enum CompactorState: Sendable, Hashable {
    case working
    /// It has stopped to compact, since it found blocks that it cannot compact: `thanos_compact_halted`.
    case halted
}
