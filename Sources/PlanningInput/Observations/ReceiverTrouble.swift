/// Why a receiver does not have the published hashring file, or does not say which file it has.
public enum ReceiverTrouble: Sendable, Hashable {
    /// It does not answer, or not as Thanos does, so its file is unknown. The text is the reason.
    case unknown(String)
    /// It keeps reading the file and rejects it each time.
    case refusesFile
}
