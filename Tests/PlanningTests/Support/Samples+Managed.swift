extension Samples {
    /// A global view whose receivers Tributary runs: a soft hashring and a hard one.
    static let managed = """
        apiVersion: v1
        kind: Secret
        metadata: {name: thanos-objectstorage}
        stringData: {thanos.yaml: "{type: S3, config: {bucket: metrics, endpoint: s3.example.org}}"}
        ---
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, generation: 1}
        spec:
          thanos:
            replicationFactor: 2
            objectStorage: {secretRef: {name: thanos-objectstorage, key: thanos.yaml}}
            query: {replicas: 2}
            hashrings:
            - name: hashring-0
              replicas: 3
              storage: {size: 100Gi}
            - name: default
              soft: true
              replicas: 5
        """
}
