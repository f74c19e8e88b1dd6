#if canImport(Glibc)
import Glibc
#endif

/// The Prometheus that reads a configuration file, found among the processes that can be seen.
///
/// In a pod whose containers share their process namespace that is the one beside this program. SIGHUP makes it read its
/// configuration again; the web server's `/-/reload` would do the same, but switching it on opens `/-/quit` as well.
public struct PrometheusProcess: Sendable {
    /// The configuration file, as `--config.file` names it.
    public let configFile: String

    /// The Prometheus that was started with this configuration file.
    public init(configFile: String) { self.configFile = configFile }

    /// The processes that were started with the configuration file.
    public var pids: [pid_t] {
        (directoryNames("/proc") ?? []).compactMap { pid_t($0) }.filter { pid in
            arguments(of: pid).contains("--config.file=\(configFile)")
        }
    }

    /// Asks it to read its configuration; false where it does not run, and then reads the newest when it starts.
    public func reload() -> Bool {
        let found = pids
        for pid in found { kill(pid, SIGHUP) }
        return !found.isEmpty
    }

    private func arguments(of pid: pid_t) -> [String] {
        let descriptor = open("/proc/\(pid)/cmdline", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return [] }
        return bytes[..<count].split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
