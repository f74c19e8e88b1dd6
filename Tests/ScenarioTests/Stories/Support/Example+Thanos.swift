import Kube

extension Example {
    /// Replaces the bucket of Thanos with a folder of a story.
    mutating func useBucket(of story: Story) {
        change("Secret", "thanos-objectstorage") { secret in
            let folder = story.directory.path("bucket")
            secret["stringData", "thanos.yaml"] = JSON("{type: FILESYSTEM, config: {directory: \(folder)}}")
        }
    }
}

extension Pod {
    /// The lines of the metrics that the pod serves, by default on the port of Thanos.
    func metrics(_ containerPort: Int = 10902) async throws -> [Substring] {
        try await curl(["\(try url(containerPort))/metrics"]).body.split(separator: "\n")
    }

    /// The tenants whose series a Thanos receiver holds, according to its metrics.
    func tenants() async throws -> [String] {
        try await metrics().compactMap { line in
            guard line.hasPrefix("prometheus_tsdb_head_series{"), !line.hasSuffix(" 0") else { return nil }
            return line.split(separator: "tenant=\"").last.map { String($0.prefix { $0 != "\"" }) }
        }
    }
}
