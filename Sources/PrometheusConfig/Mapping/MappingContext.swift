import Kube

/// The input of table rows besides the fields.
struct MappingContext {
    /// The version of Prometheus that reads the configuration.
    let version: PrometheusVersion
    /// The namespace of the Secrets and ConfigMaps that fields refer to.
    let namespace: String
    /// Resolves the references.
    var credentials: CredentialResolver
    /// The fields that custom rows omitted, with the reasons.
    var leftOut: [FieldError] = []
}
