import PlanningInput

extension PrometheusBackend: GatewayBackend {
    /// Prometheus stores labels as they are sent. So writes go to the relay, which forces the label of the tenant that a
    /// header names, unless tenants are trusted, and sends them to all replicas. Agents know nothing of the relay and its
    /// header.
    var routes: GatewayRoutes {
        var routes = GatewayRoutes(view, direct, writeURL: relay?.url ?? direct.writeURL)
        routes.servesFederate = spec.servesFederate ?? false
        routes.tenantHeader = relay.map { _ in GatewayNames.relayHeader }
        return routes
    }
}
