import TestSupport
import Testing

/// The installed programs that stories need.
enum InstalledPrograms {
    static let nginx = ChildProcess.find("nginx")
    static let openssl = ChildProcess.find("openssl")
    /// From `PROM_LABEL_PROXY_BIN`, the folder of tools, or `PATH`.
    static let promLabelProxy = named("PROM_LABEL_PROXY_BIN", "prom-label-proxy")
    /// From `THANOS_BIN`, the folder of tools, or `PATH`.
    static let thanos = named("THANOS_BIN", "thanos")

    /// An S3 server: that of the Python package moto, from `MOTO_SERVER_BIN`, the folder of tools, or `PATH`.
    static let motoServer = named("MOTO_SERVER_BIN", "moto_server")

    /// All installed versions of Prometheus. The search runs once.
    static var prometheuses: [InstalledPrometheus] {
        get async { await found.value }
    }

    private static let found = Task { await InstalledPrometheus.all() }

    private static func named(_ variable: String, _ name: String) -> String? {
        let environment = ChildProcess.environment
        return environment[variable] ?? ChildProcess.find(name, in: [environment["TRIBUTARY_TOOLS"] ?? ".tools"])
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a story if no S3 server is installed.
    static var withS3Server: Self {
        .enabled(
            if: InstalledPrograms.motoServer != nil, "moto_server is not found: install the Python package moto[server]"
        )
    }
    /// Skips a story if no Prometheus is installed.
    static var withPrometheus: Self {
        .enabled("prometheus and promtool are not found: install Debian's prometheus") {
            await !InstalledPrograms.prometheuses.isEmpty
        }
    }
    /// Skips a story if nginx is not installed.
    static var withNginx: Self {
        .enabled(if: InstalledPrograms.nginx != nil, "nginx is not found: install Debian's nginx-light")
    }
    /// Skips a story if prom-label-proxy is not installed.
    static var withPromLabelProxy: Self {
        .enabled(if: InstalledPrograms.promLabelProxy != nil, "prom-label-proxy is not found: set PROM_LABEL_PROXY_BIN")
    }
    /// Skips a story if no installed Prometheus sends the headers of a remote write.
    static var withHeaders: Self {
        .enabled("a Prometheus that sends headers is not found: run make tools") {
            await InstalledPrograms.prometheuses.contains { $0.sendsHeaders }
        }
    }
    /// Skips a story if no Thanos is installed that can forward writes, which needs a build with the tag `slicelabels`.
    static var withThanos: Self {
        .enabled("thanos is not found, or not built with the tag slicelabels: set THANOS_BIN") {
            guard let thanos = InstalledPrograms.thanos else { return false }
            return try await ChildProcess.run(thanos, ["--version"]).output.contains("slicelabels")
        }
    }
}

extension InstalledPrometheus {
    /// Whether it can discover targets in Kubernetes. Debian builds its older versions without this.
    var discoversInKubernetes: Bool {
        get async throws {
            let directory = try TemporaryDirectory()
            defer { directory.remove() }
            let file = try directory.write(
                "kubernetes.yaml", "scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod}]}]")
            return try await ChildProcess.run(promtool, ["check", "config", "--syntax-only", file]).code == 0
        }
    }
}
