package import PrometheusConfig
package import TributaryAPI

extension GlobalView {
    /// The key of the Secret with the configuration of the object storage; nil without one.
    package var objectStorageReference: CredentialReference? {
        (spec.thanos?.objectStorage?.secretRef).map {
            CredentialReference(.secret, namespace: metadata.namespace ?? "default", name: $0.name, key: $0.key)
        }
    }
}
