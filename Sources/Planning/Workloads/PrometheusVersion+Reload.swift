import PrometheusConfig

extension PrometheusVersion {
    /// Whether Prometheus can reload a changed configuration itself: from 3.0 on.
    var reloadsItself: Bool { major >= 3 }
}
