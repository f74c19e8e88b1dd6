/// When a kubelet writes a pod's volumes anew: at once when the pod changes, otherwise when it comes round to it.
///
/// A real one comes round every 60 to 90 s. Here it is longer than any test waits, so that a test fails if nobody tells
/// the kubelet of a change.
struct KubeletSync {
    private static let interval = Duration.seconds(600)

    private var annotations: [String: String]
    private var syncedAt = ContinuousClock.now

    /// Creates the state of a pod whose volumes were just written.
    init(annotations: [String: String]) { self.annotations = annotations }

    /// Whether the volumes are written now; takes in that they are.
    mutating func isDue(_ annotations: [String: String]) -> Bool {
        guard annotations != self.annotations || syncedAt.duration(to: .now) > Self.interval else { return false }
        self.annotations = annotations
        syncedAt = .now
        return true
    }
}
