import PrometheusConfig
import TributaryAPI

extension PrometheusVersion {
    /// Whether Prometheus notices a changed configuration by itself when asked to: from 3.0 on.
    var reloadsItself: Bool { major >= 3 }
}

extension GlobalView {
    /// The central Prometheus's version; one that cannot be read, of an image of one's own, is taken to be recent.
    var prometheusVersion: PrometheusVersion { PrometheusVersion(prometheusVersionText) ?? PrometheusVersion(3, 5) }
}
