/// Why a receiver does not hold the published hashring file, or cannot say which one it holds.
public enum ReceiverTrouble: Sendable, Hashable {
    /// It does not answer, or not as Thanos does: unknown, not older. The text says what came instead.
    case unknown(String)
    /// It reads the file again and again, and refuses it each time.
    case refusesFile
}
