/// Paths in an agent's pod, resolved as Prometheus resolves them.
enum PodPath {
    /// The part of a path below a folder; nil if the path is outside the folder. For the folder itself it is empty.
    ///
    /// Prometheus resolves relative paths from the folder of its configuration file.
    static func name(of path: String, in folder: String) -> String? {
        let steps = normalized(path.hasPrefix("/") ? path : "\(PrometheusPod.configPath)/\(path)")
        let base = normalized(folder)
        guard steps.starts(with: base) else { return nil }
        return steps.dropFirst(base.count).joined(separator: "/")
    }

    private static func normalized(_ path: String) -> [Substring] {
        var steps: [Substring] = []
        for step in path.split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        return steps
    }
}
