import Kube
import PlanningInput

/// `tributary reload` in a pod: runs once before Prometheus starts, and then beside it.
///
/// Prometheus 3 follows its configuration itself, and every version expands variables in external labels. So only
/// agents before 3.0 have the sidecar, and those of a DaemonSet, whose discovery names the node.
struct ReloaderSidecar {
    /// Tributary's image.
    var image: String
    /// The environment variables to expand.
    var expanded: [String]
    /// The environment with those variables.
    var environment: [JSON]
    /// The folders with files that Prometheus reads only when it loads its configuration, with their mounts. A file
    /// that appears later than the configuration that names it needs another reload.
    var watched: [(path: String, mount: JSON)] = []

    /// The folder in which Prometheus finds its configuration.
    static let outputPath = "/etc/prometheus/config_out"
    /// The container's name.
    static let name = "reload"

    /// In memory, since a configuration may contain credentials.
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
