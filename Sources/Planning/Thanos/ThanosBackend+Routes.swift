extension ThanosBackend: GatewayBackend {
    var routes: GatewayRoutes { GatewayRoutes(view, direct, writeURL: direct.writeURL) }
}
