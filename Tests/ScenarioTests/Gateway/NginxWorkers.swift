import TestSupport

/// The worker processes of a gateway's nginx.
enum NginxWorkers {
    /// Whether only workers with the newest configuration take connections: for a moment after a reload, the former ones
    /// take some as well. There are two of each. `work` is the working folder of the gateway's script.
    static func areSettled(in work: String) -> Bool {
        guard let master = try? TemporaryDirectory.read("\(work)/nginx.pid").filter(\.isNumber),
            let children = try? TemporaryDirectory.read("/proc/\(master)/task/\(master)/children")
        else { return false }
        let open = children.split(separator: " ").filter { worker in
            guard let title = try? TemporaryDirectory.read("/proc/\(worker)/cmdline") else { return false }
            return title.hasPrefix("nginx: worker process") && !title.contains("shutting down")
        }
        return open.count == 2
    }
}
