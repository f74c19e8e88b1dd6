import TributaryAPI

extension PrometheusBackend: GatewayBackend {
    var routes: GatewayRoutes { GatewayRoutes(writeURL: direct.writeURL) }
}
