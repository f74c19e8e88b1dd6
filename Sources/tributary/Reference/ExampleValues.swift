import Kube
import YAML

/// Examples of fields for which their schema gives no good one, by the name of the field, or of its object and itself.
enum ExampleValues {
    /// The example of a field; nil if there is none.
    static func of(_ name: String) -> JSON? { table[name] }

    private static let table: JSON = (try? YAML.parseOne(text))?.value ?? [:]

    private static let text = #"""
        # Names and references
        globalViewRef.name: main
        tenantRef.name: tenant-a
        hashrings.name: hashring-0
        key: token
        hashring: hashring-0
        configMapName: main-hashrings
        limitsConfigMapName: main-limits
        secretName: metrics-tls
        serviceAccountName: prometheus
        priorityClassName: monitoring
        className: fast
        sectionName: https
        parentRefs.name: public
        namespace: observability
        namespaces: [observability]
        configMaps: [scrape-files]
        secrets: [client-certificate]
        image: registry.example/prometheus:v3.5.0
        reloaderImage: registry.example/tributary:0.1.0
        caSecretRef.key: ca.crt
        objectStorage.key: objstore.yml
        secretRef.key: objstore.yml
        agents: [{namespace: monitoring, name: cluster}]
        tenantRefs: [{namespace: observability, name: tenant-a, namespaces: [shop]}]
        # Tenants
        id: tenant-a
        alsoSees: [tenant-b]
        allowFrom: [grafana]
        tenantHeader: X-Scope-OrgID
        certificateURIs: ['spiffe://example.org/ns/shop/sa/agent']
        login: ada@example.org
        storeAs: platform
        rotateEvery: 30d
        overlap: 1h
        readsFor: 15d
        organization: 4
        # Labels and relabelling
        matchLabels: {team: shop}
        labels: {cluster: east}
        externalLabels: {cluster: east}
        annotations: {example.org/owner: shop}
        datasourceLabels: {grafana_datasource: '1'}
        enforcedNamespaceLabel: namespace
        tenantNamespaceLabel: namespace
        tenantLabel: tenant
        replicaExternalLabelName: __replica__
        prometheusExternalLabelName: prometheus
        podTargetLabels: [app]
        sourceLabels: [__name__]
        regex: go_gc_.*
        targetLabel: cluster
        replacement: $1
        separator: ';'
        modulus: 4
        nodeSelector: {kubernetes.io/os: linux}
        match: ['{job!=""}']
        requiredMatchers: {cluster: east}
        writeRelabelConfigs: [{sourceLabels: [__name__], regex: go_gc_.*, action: drop}]
        relabelings: [{sourceLabels: [__name__], regex: go_gc_.*, action: drop}]
        metricRelabelings: [{sourceLabels: [__name__], regex: go_gc_.*, action: drop}]
        alertRelabelConfigs: [{targetLabel: cluster, replacement: east}]
        # Addresses
        writeURL: https://metrics.example.org/api/v1/write
        queryURL: https://metrics.example.org/prometheus
        host: metrics.example.org
        hostnames: [metrics.example.org]
        ip: 192.0.2.10
        clusterDomain: cluster.local
        serverName: metrics.example.org
        path: /metrics
        pathPrefix: /alertmanager
        routePrefix: /prometheus
        mountPath: /etc/example
        externalUrl: https://metrics.example.org/prometheus
        proxyUrl: http://proxy.example.org:3128
        noProxy: 10.0.0.0/8,.svc
        headers: {X-Frame-Options: deny}
        endpoints: ['store.thanos.svc:10901']
        targets: ['alertmanager.example.org:9093']
        addresses: ['memcached.observability.svc:11211']
        tokenUrl: https://login.example.org/token
        scopes: [metrics]
        endpointParams: {audience: metrics}
        proxyConnectHeader: {Proxy-Authorization: [{name: proxy, key: token}]}
        remoteWrite.url: https://metrics.example.org/api/v1/write
        remoteWrite.name: central
        remoteWrite: [{url: 'https://metrics.example.org/api/v1/write'}]
        tracingConfig.endpoint: otel:4317
        # Files
        caFile: /etc/certificates/ca.crt
        certFile: /etc/certificates/tls.crt
        keyFile: /etc/certificates/tls.key
        bearerTokenFile: /var/run/secrets/token
        credentialsFile: /var/run/secrets/token
        bearerToken: not-a-secret
        scrapeFailureLogFile: /var/log/prometheus/scrapes.log
        # Clouds
        region: eu-central-1
        profile: metrics
        roleArn: arn:aws:iam::123456789012:role/metrics
        externalId: metrics
        scope: https://monitor.azure.com//.default
        clientId: 01234567-89ab-cdef-0123-456789abcdef
        tenantId: 01234567-89ab-cdef-0123-456789abcdef
        # Sizes and times
        size: 100Gi
        retention: 15d
        retentionSize: 400GB
        scrapeInterval: 30s
        scrapeTimeout: 10s
        evaluationInterval: 30s
        timeout: 10s
        remoteTimeout: 30s
        outOfOrderTimeWindow: 2h
        drainTimeout: 10m
        joinAfter: 1m
        leaveAfter: 5m
        maxMove: 25%
        splitByAge: [6w, 26w]
        raw: 30d
        fiveMinutes: 180d
        oneHour: 2y
        sampleAgeLimit: 4h
        replicaPatience: 30s
        maxBodySize: 8Mi
        sizeBytesLimit: 4Mi
        samplingFraction: '0.1'
        replicas: 2
        staleSeriesCompactionThreshold: '0.3'
        replicationFactor: 3
        shards: 2
        hashShards: 2
        sampleLimit: 50000
        enforcedSampleLimit: 50000
        headSeriesLimit: 100000
        seriesLimit: 10000
        samplesLimit: 10000
        requestsPerSecond: 50
        concurrentRequests: 20
        # Prometheus
        enableFeatures: [exemplar-storage]
        cipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
        curvePreferences: [X25519]
        promoteResourceAttributes: [service.name]
        ignoreResourceAttributes: [process.pid]
        scrapeProtocols: [OpenMetricsText1.0.0, PrometheusText0.0.4]
        scrapeConfigs: [{job_name: node, static_configs: [{targets: ['192.0.2.10:9100']}]}]
        job_name: node
        pageTitle: Shop
        portName: web
        metaMonitoringURL: http://prometheus.monitoring.svc:9090
        metaMonitoringLimitQuery: sum(prometheus_tsdb_head_series) by (tenant)
        goGC: 75
        authorization.type: Bearer
        scrapeClasses.name: mesh
        maximumStartupDurationSeconds: 600
        terminationGracePeriodSeconds: 600
        excludedFromEnforcement: [{group: monitoring.coreos.com, resource: servicemonitors, namespace: platform}]
        # Where the object tells what a field of this name means
        additionalArgs: [{name: storage.agent.retention.max-time, value: 12h}]
        additionalArgs.name: storage.agent.retention.max-time
        additionalArgs.value: 12h
        adminSecretRef: {name: grafana}
        adminSecretRef.name: grafana
        alertmanagers: [{name: platform, service: {name: alertmanager-operated}}]
        alertmanagers.name: platform
        bucketCache.size: 1Gi
        cache.size: 500Mi
        concurrency: 2
        conditions.message: all hashrings have their receivers
        datasource.name: Shop
        delivery.reason: 'metrics.example.org: no such host'
        enforcedKeepDroppedTargets: 100
        enforcedLabelLimit: 50
        enforcedLabelNameLengthLimit: 200
        enforcedLabelValueLengthLimit: 1000
        enforcedTargetLimit: 1000
        federate: [{name: legacy-dc, url: 'https://prometheus.example.org', match: ['{job!=""}']}]
        federate.name: legacy-dc
        federate.url: https://prometheus.example.org
        gateway.image: registry.example/nginx:1.28.0
        gateway.limits: {requestsPerSecond: 50}
        hashrings: [{name: hashring-0, replicas: 3}]
        hostPath.path: /var/lib/prometheus
        imagePullSecrets: [{name: registry}]
        imagePullSecrets.name: registry
        indexCache.size: 500Mi
        keepDroppedTargets: 100
        labelLimit: 50
        labelNameLengthLimit: 200
        labelValueLengthLimit: 1000
        limits.default: {headSeriesLimit: 100000}
        maxConcurrency: 30
        maxVersion: TLS13
        memcached.maxItemSize: 1Mi
        minReadySeconds: 10
        minReplicas: 3
        minVersion: TLS12
        monitors: 12
        monitorsWithoutTargets.message: 'spec.endpoints[0]: has had no targets for some minutes'
        rejectedMonitors.message: 'spec.endpoints[0].scrapeTimeout: 1m is longer than the interval 30s'
        monitorsWithoutTargets.name: web
        rejectedMonitors.name: web
        query.image: registry.example/thanos:v0.41.0
        readProxy.image: registry.example/prom-label-proxy:v0.12.1
        ready: 4
        remoteRead: [{name: legacy-dc, url: 'https://prometheus.example.org/api/v1/read'}]
        remoteRead.name: legacy-dc
        remoteRead.url: https://prometheus.example.org/api/v1/read
        rules.groups: 3
        rules.image: registry.example/thanos:v0.41.0
        rules.rules: 12
        rules.version: v0.41.0
        service.port: web
        shardSize: 3
        shuffleShardSize: 3
        spec.limits: {headSeriesLimit: 100000}
        status.version: v3.5.0
        targetLimit: 1000
        tenantCache.size: 100Mi
        tenants: 12
        thanos.image: registry.example/thanos:v0.41.0
        # Parts of Kubernetes
        resources: {requests: {cpu: 100m, memory: 256Mi}}
        requests: {cpu: 100m, memory: 256Mi}
        limits: {memory: 512Mi}
        tolerations: [{key: dedicated, operator: Equal, value: metrics}]
        affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution:
          [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: x}}}]}}
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone,
          whenUnsatisfiable: ScheduleAnyway}]
        containers: [{name: proxy, image: 'registry.example/proxy:1'}]
        initContainers: [{name: setup, image: 'registry.example/setup:1'}]
        volumes: [{name: extra, configMap: {name: extra}}]
        volumeMounts: [{name: extra, mountPath: /etc/extra}]
        securityContext: {fsGroup: 65534}
        updateStrategy: {type: RollingUpdate}
        dnsConfig: {options: [{name: ndots, value: '2'}]}
        volumeClaimTemplate: {spec: {resources: {requests: {storage: 10Gi}}}}
        emptyDir: {sizeLimit: 5Gi}
        ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce],
          resources: {requests: {storage: 10Gi}}}}}
        hostAliases: [{ip: 192.0.2.10, hostnames: [metrics.example.org]}]
        maxUnavailable: 1
        # Statuses
        observedGeneration: 3
        message: every receiver is ready
        conditions.reason: Ready
        conditions.type: Ready
        pending.reason: NotReady
        older.reason: OlderFile
        hash: 5b3f9a1c07de
        fileHash: 5b3f9a1c07de
        pod: receive-hashring-0-2
        hashringSummary: hashring-0 3/3
        kind: ServiceMonitor
        status.kind: thanos
        readURL: https://metrics.example.org/tenants/read
        phase: ReadOnly
        lastSample: now
        problem: 'Grafana has no user "ada"'
        replicaWriteURLs: ['http://main-1.observability.svc:9090/api/v1/write']
        series: 5000
        behind: 5m
        behindSeconds: 300
        cause: HostNotFound
        selector: app.kubernetes.io/name=prometheus-agent
        desired: 3
        members: 3
        rejectedMonitors.reason: InvalidMonitor
        monitorsWithoutTargets.reason: NoTargets
        """#
}
