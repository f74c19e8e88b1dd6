import Kube
import PlanningInput

/// How the kubelet and Services reach Prometheus's web server.
struct PrometheusWeb {
    /// The port's name.
    var portName = "web"
    /// Whether it serves HTTPS.
    var isHTTPS = false
    /// The path prefix of its pages, without a trailing slash.
    var prefix = ""
    /// Whether it listens on the loopback interface only. Then the probes run a program in the container.
    var isLocal = false
    /// How many seconds it may take to start.
    var startupSeconds = 900
    /// The files with the user name and the password that it asks for; nil if it asks for none. Then the probes run a program
    /// in the container as well, since a probe of the kubelet would have the password in the pod.
    var login: (username: String, password: String)?

    /// The container's port; none if nothing outside the pod can reach it.
    var ports: JSON {
        guard !isLocal else { return .null }
        return [["name": JSON(portName), "containerPort": JSON(PrometheusPod.port), "protocol": "TCP"]]
    }

    /// The Service's port.
    var servicePorts: [(name: String, number: Int)] { [(portName, PrometheusPod.port)] }

    private static let startupPeriod = 15

    /// Prometheus is ready once it has read its whole write-ahead log.
    var startupProbe: JSON {
        let times = (startupSeconds + Self.startupPeriod - 1) / Self.startupPeriod
        return probe("/-/ready", period: Self.startupPeriod, failures: times)
    }
    var readinessProbe: JSON { probe("/-/ready", period: 5, failures: 3) }
    var livenessProbe: JSON { probe("/-/healthy", period: 5, failures: 6) }

    private func probe(_ path: String, period: Int, failures: Int) -> JSON {
        var probe: JSON
        if let login {
            let url = "\(isHTTPS ? "https" : "http")://127.0.0.1:\(PrometheusPod.port)\(prefix)\(path)"
            let user = "\"$(cat \(login.username))\" \"$(cat \(login.password))\""
            let header = "Authorization: Basic $(printf %s:%s \(user) | base64 | tr -d '\\n')"
            let script = "wget -q -O /dev/null --no-check-certificate --header \"\(header)\" \(url)"
            probe = ["exec": ["command": ["/bin/sh", "-c", JSON(script)]]]
        } else if isLocal {
            let url = "\(isHTTPS ? "https" : "http")://127.0.0.1:\(PrometheusPod.port)\(prefix)\(path)"
            // The image has wget from busybox.
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
