import Kube
import PlanningInput

/// Prometheus's web server as kubelet and Services see it.
struct PrometheusWeb {
    /// The port's name.
    var portName = "web"
    /// Whether it speaks HTTPS.
    var isHTTPS = false
    /// The path under which it answers, without a slash at its end.
    var prefix = ""
    /// Whether it listens on loopback only; kubelet then asks by a program in the container.
    var isLocal = false
    /// How long it may take to start.
    var startupSeconds = 900

    /// The container's port; none where nobody else reaches it.
    var ports: JSON {
        guard !isLocal else { return .null }
        return [["name": JSON(portName), "containerPort": JSON(PrometheusPod.port), "protocol": "TCP"]]
    }

    /// The Service's port.
    var servicePorts: [(name: String, number: Int)] { [(portName, PrometheusPod.port)] }

    private static let startupPeriod = 15

    /// Prometheus reads its whole write-ahead log before it is ready.
    var startupProbe: JSON {
        let times = (startupSeconds + Self.startupPeriod - 1) / Self.startupPeriod
        return probe("/-/ready", period: Self.startupPeriod, failures: times)
    }
    var readinessProbe: JSON { probe("/-/ready", period: 5, failures: 3) }
    var livenessProbe: JSON { probe("/-/healthy", period: 5, failures: 6) }

    private func probe(_ path: String, period: Int, failures: Int) -> JSON {
        var probe: JSON
        if isLocal {
            let url = "\(isHTTPS ? "https" : "http")://127.0.0.1:\(PrometheusPod.port)\(prefix)\(path)"
            // The image has busybox's wget.
            probe = ["exec": ["command": ["wget", "-q", "-O", "/dev/null", "--no-check-certificate", JSON(url)]]]
        } else {
            probe = [
                "httpGet": [
                    "path": JSON(prefix + path), "port": JSON(portName), "scheme": isHTTPS ? "HTTPS" : .null,
                ]
            ]
        }
        probe["periodSeconds"] = JSON(period)
        probe["failureThreshold"] = JSON(failures)
        return probe
    }
}
