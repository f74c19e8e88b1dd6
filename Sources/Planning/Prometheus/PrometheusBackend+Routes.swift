extension PrometheusBackend: GatewayBackend {
    /// Prometheus stores labels as they are sent. So writes of each tenant go to its relay, which forces the label, unless
    /// tenants are trusted.
    var routes: GatewayRoutes { GatewayRoutes(view, direct, writeURL: view.trustsWriters ? direct.writeURL : nil) }
}
