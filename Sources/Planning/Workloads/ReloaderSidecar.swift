import Kube
import PlanningInput

/// `tributary reload` in a pod: once before Prometheus starts, and then beside it.
///
/// Prometheus 3 follows its configuration by itself, and every version expands variables in external labels. So only
/// agents before 3.0 have it, and those of a DaemonSet, whose discovery names the node.
struct ReloaderSidecar {
    /// Tributary's image.
    var image: String
    /// The environment variables to expand.
    var expanded: [String]
    /// The environment with those variables.
    var environment: [JSON]
    /// The folders with what Prometheus reads only when it loads its configuration, and how they are mounted: what comes
    /// later than the configuration that names it has to be asked for again.
    var watched: [(path: String, mount: JSON)] = []

    /// Where Prometheus finds its configuration.
    static let outputPath = "/etc/prometheus/config_out"
    /// The container's name.
    static let name = "reload"

    /// In memory, as there may be credentials in a configuration.
    static let volume: JSON = ["name": "config-out", "emptyDir": ["medium": "Memory"]]

    static func mount(isReadOnly: Bool) -> JSON {
        ["name": "config-out", "mountPath": JSON(outputPath), "readOnly": isReadOnly ? true : .null]
    }

    var initContainer: JSON { container(name: "init-config", ["--once"]) }
    var container: JSON {
        container(name: Self.name, watched.map { "--watch-dir=\($0.path)" }, mounts: watched.map(\.mount))
    }

    private func container(name: String, _ more: [String], mounts: [JSON] = []) -> JSON {
        let arguments =
            ["reload", "--config-dir=\(PrometheusPod.configPath)", "--output-dir=\(Self.outputPath)"]
            + expanded.map { "--expand=\($0)" } + more
        return [
            "name": JSON(name),
            "image": JSON(image),
            "args": JSON(arguments),
            "env": environment.isEmpty ? .null : .array(environment),
            "resources": ["requests": ["cpu": "5m", "memory": "16Mi"], "limits": ["memory": "64Mi"]],
            "securityContext": PodSecurity.container,
            "volumeMounts": .array(
                [
                    ["name": "config", "mountPath": JSON(PrometheusPod.configPath), "readOnly": true],
                    Self.mount(isReadOnly: false),
                ] + mounts),
        ]
    }
}
