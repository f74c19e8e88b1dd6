import Kube
import PlanningInput
import TributaryAPI

/// Who may reach whom, in which way: the table in `docs/network-policies.md`, for one view.
struct AccessTable {
    let view: GlobalView
    let endpoints: ViewEndpoints
    /// Whether receivers run, also those that are about to go.
    let hasReceivers: Bool

    private var hasGateway: Bool { view.spec.gateway != nil }

    /// The rows, those of each role side by side.
    var rules: [AccessRule] {
        thanosRules + storageRules + queryRules + prometheusRules + readProxyRules + gatewayRules + rulerRules
    }

    /// The read proxies that query on behalf of tenants.
    private var proxies: AccessRule.Peer { .role(view.sharesReadProxy ? .sharedReadProxy : .readProxies) }

    /// The pods that evaluate the platform's rules, which query and write behind the gateway.
    private var ruler: [AccessRule.Peer] { view.spec.rules?.selector == nil ? [] : [.role(.ruler)] }

    /// A ruler's port shows its rules and alerts.
    private var rulerRules: [AccessRule] {
        let tenants = AccessRule(.tenantRulers, "http", [.operators])
        return view.spec.rules?.selector == nil ? [tenants] : [AccessRule(.ruler, "http", [.operators]), tenants]
    }

    private var thanosRules: [AccessRule] {
        guard let thanos = view.spec.thanos else { return [] }
        var rules: [AccessRule] = []
        if hasReceivers {
            let senders: [AccessRule.Peer] = [.role(.routers), .role(.receivers), .adoptedReceivers]
            rules += [
                AccessRule(
                    .receivers, "grpc", senders + [.role(.querier), .role(.tenantQuerier), .operators]),
                AccessRule(.receivers, "capnproto", senders),
                // Metrics and probes only.
                AccessRule(.receivers, "http", [.everybody]),
            ]
        }
        if thanos.hasRouter || hasReceivers {
            rules += [
                AccessRule(.routers, "remote-write", hasGateway ? [.role(.gateway)] + ruler : [.everybody]),
                AccessRule(.routers, "http", [.everybody]),
            ]
        }
        return rules
    }

    private var storageRules: [AccessRule] {
        guard let thanos = view.spec.thanos else { return [] }
        var rules: [AccessRule] = []
        if thanos.store != nil {
            rules.append(AccessRule(.stores, "grpc", [.role(.querier), .role(.tenantQuerier), .operators]))
            rules.append(AccessRule(.stores, "http", [.everybody]))
        }
        if thanos.compactor != nil { rules.append(AccessRule(.compactor, "http", [.everybody])) }
        return rules
    }

    private var queryRules: [AccessRule] {
        guard let thanos = view.spec.thanos, thanos.queryReplicas > 0 else { return [] }
        // The port of queries is that of metrics as well: who scrapes a querier can query it.
        let hasFrontend = thanos.queryFrontend != nil
        var rules = [
            AccessRule(
                .querier, "http", hasFrontend ? [.role(.frontend), .operators] : [proxies, .operators] + ruler),
            AccessRule(.querier, "grpc", [.operators]),
        ]
        if hasFrontend { rules.append(AccessRule(.frontend, "http", [proxies, .operators] + ruler)) }
        guard endpoints.wideQueryURL != nil else { return rules }
        rules.append(AccessRule(.tenantQuerier, "http", [hasFrontend ? .role(.tenantFrontend) : proxies, .operators]))
        if hasFrontend { rules.append(AccessRule(.tenantFrontend, "http", [proxies, .operators])) }
        return rules
    }

    private var prometheusRules: [AccessRule] {
        guard view.spec.prometheus != nil else { return [] }
        let port = JSON(PrometheusWeb().portName)
        // One port takes writes, queries and scrapes. Without a gateway agents write to it from anywhere.
        guard hasGateway else { return [AccessRule(.centralPrometheus, port, [.everybody])] }
        let writers = AccessRule.Peer.role(view.relaysWrites ? .relay : .gateway)
        let central = AccessRule(.centralPrometheus, port, [writers, proxies, .operators] + ruler)
        guard view.relaysWrites else { return [central] }
        return [
            central, AccessRule(.relay, JSON(WriteRelay.writes.name), [.role(.gateway)]),
            AccessRule(.relay, JSON(WriteRelay.metrics.name), [.everybody]),
        ]
    }

    private var readProxyRules: [AccessRule] {
        guard SharedReadProxy(view, endpoints) != nil else { return [] }
        typealias Proxy = SharedReadProxy
        var rules = [
            AccessRule(.sharedReadProxy, JSON(Proxy.queries.name), [.role(.gateway)]),
            AccessRule(.sharedReadProxy, JSON(Proxy.metrics.name), [.everybody]),
        ]
        if endpoints.wideQueryURL != nil {
            rules += [
                AccessRule(.sharedReadProxy, JSON(Proxy.wideQueries.name), [.role(.gateway)]),
                AccessRule(.sharedReadProxy, JSON(Proxy.wideMetrics.name), [.everybody]),
            ]
        }
        return rules
    }

    private var gatewayRules: [AccessRule] {
        guard hasGateway else { return [] }
        var ports = [GatewayNames.httpPort, GatewayNames.httpsPort, GatewayNames.statusPort]
        if view.readsCertificateURIs { ports.append(GatewayNames.identityMetricsPort) }
        return ports.map { AccessRule(.gateway, JSON($0), [.everybody]) }
    }
}
