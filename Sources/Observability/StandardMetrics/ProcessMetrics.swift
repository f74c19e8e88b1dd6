#if canImport(Glibc)
import Glibc
#endif

extension MetricsRegistry {
    /// Adds the process metrics of Prometheus's client libraries, read from `/proc/self` at each scrape.
    ///
    /// These are `process_cpu_seconds_total`, `process_resident_memory_bytes`, `process_virtual_memory_bytes`,
    /// `process_open_fds`, `process_max_fds` and `process_start_time_seconds`.
    public func addProcessMetrics() {
        for metric in ProcessMetric.all { _ = add(metric) }
    }
}

/// A metric of this process; omitted if `/proc` does not provide it.
private struct ProcessMetric: Collector {
    let name: String
    let help: String
    let type: String
    let read: @Sendable () -> Double?
    var labels: [String] { [] }

    func write(to exposition: inout Exposition) {
        guard let value = read() else { return }
        exposition.family(name, help: help, type: type)
        exposition.samples(of: name) { $0.sample(value) }
    }

    static var all: [ProcessMetric] {
        [
            ProcessMetric(
                name: "process_cpu_seconds_total", help: "Total user and system CPU time spent in seconds.",
                type: "counter", read: { cpuSeconds() }),
            ProcessMetric(
                name: "process_resident_memory_bytes", help: "Resident memory size in bytes.", type: "gauge",
                read: { pages(at: 1) }),
            ProcessMetric(
                name: "process_virtual_memory_bytes", help: "Virtual memory size in bytes.", type: "gauge",
                read: { pages(at: 0) }),
            ProcessMetric(
                name: "process_open_fds", help: "Number of open file descriptors.", type: "gauge",
                read: { openFileDescriptors() }),
            ProcessMetric(
                name: "process_max_fds", help: "Maximum number of open file descriptors.", type: "gauge",
                read: { maximumFileDescriptors() }),
            ProcessMetric(
                name: "process_start_time_seconds", help: "Start time of the process since unix epoch in seconds.",
                type: "gauge", read: { startTime() }),
        ]
    }

    /// A field of `/proc/self/statm`, which counts pages.
    private static func pages(at index: Int) -> Double? {
        let fields = contents(of: "/proc/self/statm").split(separator: " ")
        guard fields.indices.contains(index), let pages = Double(fields[index]) else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func cpuSeconds() -> Double? {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func openFileDescriptors() -> Double? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return Double(count - 3)  // `.`, `..` and the descriptor that this function opened
    }

    private static func maximumFileDescriptors() -> Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return limit.rlim_cur == UInt.max ? .infinity : Double(limit.rlim_cur)
    }

    /// The boot time plus field 22 of `/proc/self/stat`, the clock ticks since then.
    private static func startTime() -> Double? {
        // The program's name is in brackets and may itself contain blanks and brackets.
        let stat = contents(of: "/proc/self/stat")
        guard let bracket = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[bracket...].split(separator: " ")
        guard fields.count > 20, let ticks = Double(fields[20]) else { return nil }
        let boot = contents(of: "/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard let boot, let seconds = Double(boot.dropFirst(6)) else { return nil }
        return seconds + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func contents(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: buffer[..<count])
        }
    }
}
