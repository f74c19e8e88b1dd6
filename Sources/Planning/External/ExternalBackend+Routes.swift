extension ExternalBackend: GatewayBackend {
    var routes: GatewayRoutes { GatewayRoutes(view, direct, writeURL: direct.writeURL) }
}
