import TributaryAPI

extension ThanosBackend: GatewayBackend {
    var routes: GatewayRoutes { GatewayRoutes(writeURL: direct.writeURL, tenantHeader: direct.tenantHeader) }
}
