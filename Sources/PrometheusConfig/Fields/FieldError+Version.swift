import Kube

extension FieldError {
    /// The error of a field that a later version of Prometheus introduced.
    static func needs(_ first: PrometheusVersion, _ version: PrometheusVersion, _ path: FieldPath) -> FieldError {
        FieldError(path, version.needs(first))
    }
}
