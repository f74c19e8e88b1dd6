#if canImport(Glibc)
import Glibc
#endif

/// The Prometheus process that uses a configuration file, found among the visible processes.
///
/// In a pod with a shared process namespace it is the one next to this program. SIGHUP makes it reload its
/// configuration. The `/-/reload` endpoint would do the same, but enabling it also enables `/-/quit`.
struct PrometheusProcess: Sendable {
    /// The configuration file, as given to `--config.file`.
    let configFile: String

    /// The processes that were started with the configuration file.
    private var pids: [pid_t] {
        (directoryNames("/proc") ?? []).compactMap { pid_t($0) }.filter { pid in
            arguments(of: pid).contains("--config.file=\(configFile)")
        }
    }

    /// Triggers a reload; false if Prometheus is not running, in which case it reads the files when it starts.
    func reload() -> Bool {
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
