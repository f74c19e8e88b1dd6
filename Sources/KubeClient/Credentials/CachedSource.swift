/// The cached bytes of a source. A file is read again after a minute, or when its content was refused.
struct CachedSource: Sendable {
    /// How long the content of a file is used: in client-go 60 s minus 10 s.
    ///
    /// Kubernetes renews tokens long before they expire, so a minute of delay does not matter.
    static let lifetime = Duration.seconds(50)

    private let source: ClusterConfiguration.Source
    private let name: String
    private var bytes: [UInt8]?
    private var readAt: ContinuousClock.Instant?

    init(_ source: ClusterConfiguration.Source, of name: String) {
        self.source = source
        self.name = name
    }

    /// The bytes. If a file can no longer be read, its previous content stays valid.
    mutating func read(_ now: ContinuousClock.Instant) throws(KubeClientError) -> [UInt8] {
        switch source {
        case .data(let data): return data.value
        case .file(let path):
            if let bytes, let readAt, readAt.duration(to: now) < Self.lifetime { return bytes }
            do throws(KubeClientError) {
                let new = try FileReading.read(path, as: name)
                bytes = new
                readAt = now
                return new
            } catch {
                guard let bytes else { throw error }
                return bytes
            }
        }
    }

    /// Makes the next read open the file again. The previous content remains in case it cannot be read.
    mutating func forget() { readAt = nil }
}
