import PrometheusConfig

extension PrometheusVersion {
    /// Whether Prometheus reloads a changed configuration by itself when asked to: from 3.0 on.
    var reloadsItself: Bool { major >= 3 }
}
