public import Logging
import Observability

/// Copies mounted configuration files to Prometheus: expands variables, writes changed files and triggers a reload.
///
/// It uses one thread, which sleeps in the kernel until a file changes. It replaces the config-reloader of
/// prometheus-operator: Prometheus before 3.0 does not notice new files, and no version expands variables outside of
/// external labels.
public struct ConfigReloader {
    private let source: ConfigFolder
    private let output: ConfigFolder
    private let expansion: Expansion
    private let watched: [ConfigFolder]
    private let prometheus: PrometheusProcess
    private let logger: Logger
    private var watchedFiles: [[String: [UInt8]]]?
    /// Whether something has changed since the last complete update, which Prometheus does not know of.
    private var isChanged = false

    /// How long to wait after files could not be read or written.
    private static let retryInterval = Duration.seconds(5)

    /// Creates a reloader that copies the files of `source` to `output`, where Prometheus reads them.
    ///
    /// `configFile` is the name of the main configuration file. Changes in the `watched` folders, such as those of
    /// certificates, also trigger a reload.
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

    /// Updates the output once; returns whether anything has changed in it or in the watched folders.
    ///
    /// Removed files are deleted last, because the configuration that Prometheus runs with may refer to them.
    public mutating func synchronize() throws(ConfigFolder.FileError) -> Bool {
        let wanted = try source.read().mapValues { expansion.apply(to: $0) }
        guard !wanted.isEmpty else {
            throw ConfigFolder.FileError(
                description: "\(source.path): has no files, expected those of a mounted Secret")
        }
        let written = try output.read()
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
        defer { isChanged = false }
        return isChanged
    }

    /// Runs until the process ends. Throws ``ConfigFolder/FileError`` if a folder cannot be watched.
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
                logger.error("configuration not updated", metadata: ["error": "\(error)"])
                retry = Self.retryInterval
            }
            // There is one of these for each node and pod, and it may now sleep for days.
            SpareMemory.trim()
            SpareMemory.dropCodePages()
            watch.wait(for: retry)
        }
    }
}
