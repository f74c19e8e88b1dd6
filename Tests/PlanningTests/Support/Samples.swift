/// Custom resources that tests start from.
enum Samples {
    static let thanos = """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, generation: 3}
        spec:
          thanos:
            replicationFactor: 2
            writeURL: http://thanos-receive.observability.svc:19291/api/v1/receive
            query: {url: "http://thanos-query.observability.svc:9090"}
            hashrings:
            - name: default
              soft: true
              adopt: {selector: {matchLabels: {controller.receive.thanos.io/hashring: default}}}
            - name: hashring-0
              adopt: {selector: {matchLabels: {controller.receive.thanos.io/hashring: hashring-0}}}
            - name: hashring-1
              adopt: {selector: {matchLabels: {controller.receive.thanos.io/hashring: hashring-1}}}
        """

    static let prometheus = """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, generation: 1}
        spec:
          prometheus:
            version: v3.5.0
            storage: {size: 10Gi}
            federate:
            - name: legacy
              url: https://prom.legacy.example.org/base/
              match: ['{job!=""}']
              labels: {cluster: legacy}
              basicAuth:
                username: {name: legacy-credentials, key: username}
                password: {name: legacy-credentials, key: password}
          ingress: {host: metrics.example.org, path: /prometheus, tls: {secretName: metrics-tls}}
        """

    static let external = """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, generation: 1}
        spec:
          external:
            writeURL: https://mimir.example.org/api/v1/push
            queryURL: https://mimir.example.org/prometheus
            tenantHeader: X-Scope-OrgID
        """

    static func tenant(_ name: String, created: String? = nil, _ more: String = "{}") -> String {
        """
        apiVersion: tributary.dev/v1alpha1
        kind: Tenant
        metadata: {name: \(name), generation: 2\(created.map { ", creationTimestamp: \"\($0)\"" } ?? "")}
        spec:
          <<: \(more)
          globalViewRef: {name: main}
        """
    }

    static let agent = """
        apiVersion: tributary.dev/v1alpha1
        kind: PrometheusAgent
        metadata: {name: cluster, generation: 1}
        spec:
          tenantRef: {name: tenant-a}
          externalLabels: {cluster: eu-1}
          scrapeConfigs:
          - job_name: agent
            static_configs: [{targets: ["localhost:9090"]}]
        """
}
