public import Logging
import Observability

/// Keeps Prometheus's configuration files in step with those that are mounted: expands, writes, asks for a reload.
///
/// One thread that sleeps in the kernel until a file changes. It replaces prometheus-operator's config-reloader where
/// Prometheus cannot do without: before 3.0 it does not notice new files, and no version expands variables outside of
/// external labels.
public struct ConfigReloader {
    /// What is mounted.
    public let source: ConfigFolder
    /// Where the expanded files go, for Prometheus to read.
    public let output: ConfigFolder
    /// What is expanded.
    public let expansion: Expansion
    /// Further folders whose changes ask for a reload, such as those of certificates.
    public let watched: [ConfigFolder]
    private let prometheus: PrometheusProcess
    private let logger: Logger
    private var watchedFiles: [[String: [UInt8]]]?

    /// How long to wait where files could not be read or written.
    private static let retryInterval = Duration.seconds(5)

    /// A reloader of a configuration whose first file is `configFile`, a name in the folder.
    public init(
        source: ConfigFolder, output: ConfigFolder, configFile: String, expansion: Expansion,
        watched: [ConfigFolder] = [], logger: Logger
    ) {
        self.source = source
        self.output = output
        self.expansion = expansion
        self.watched = watched
        self.logger = logger
        prometheus = PrometheusProcess(configFile: "\(output.path)/\(configFile)")
    }

    /// Brings the output up to date once; returns whether anything is new in it or in the watched folders.
    ///
    /// Files that are gone go last: until Prometheus has read the new configuration, the old one may name them.
    public mutating func synchronize() throws(ConfigFolder.FileError) -> Bool {
        let wanted = try source.read().mapValues { expansion.apply(to: $0) }
        guard !wanted.isEmpty else {
            throw ConfigFolder.FileError(description: "\(source.path): has no files; a mounted Secret should have some")
        }
        let written = try output.read()
        var isChanged = false
        for (name, content) in wanted.sorted(by: { $0.key < $1.key }) where written[name] != content {
            try output.write(name, content)
            isChanged = true
        }
        for name in written.keys.sorted() where wanted[name] == nil {
            try output.remove(name)
            isChanged = true
        }
        var files: [[String: [UInt8]]] = []
        for folder in watched { files.append(try folder.read()) }
        if let watchedFiles, watchedFiles != files { isChanged = true }
        watchedFiles = files
        return isChanged
    }

    /// Works until the process ends.
    public mutating func run() throws(ConfigFolder.FileError) -> Never {
        let watch = try FolderWatch([source.path] + watched.map(\.path))
        while true {
            var retry: Duration?
            do throws(ConfigFolder.FileError) {
                if try synchronize() {
                    let isReading = prometheus.reload()
                    logger.info("configuration changed", metadata: ["prometheusReloads": "\(isReading)"])
                }
            } catch {
                logger.error("configuration left as it is", metadata: ["error": "\(error)"])
                retry = Self.retryInterval
            }
            // Each node and each pod has one of these, and it sleeps from here for days.
            SpareMemory.trim()
            SpareMemory.dropStartupPages()
            watch.wait(for: retry)
        }
    }
}
