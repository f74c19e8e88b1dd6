import PrometheusConfig

extension PrometheusVersion {
    /// The version of Prometheus whose query language and rule files a version of Thanos reads. A version that is not known
    /// counts as the newest.
    static func read(byThanos text: String) -> PrometheusVersion {
        let newest = PrometheusVersion(3, 5)
        guard let thanos = PrometheusVersion(text), thanos.major == 0 else { return newest }
        switch thanos.minor {
        case ..<32: return PrometheusVersion(2, 42)
        case 32: return PrometheusVersion(2, 45)
        case 33, 34: return PrometheusVersion(2, 48)
        case 35, 36: return PrometheusVersion(2, 51)
        // 0.37 reads newer expressions, but groups have a query offset from 0.38 on.
        case 37: return PrometheusVersion(2, 52)
        default: return newest
        }
    }
}
