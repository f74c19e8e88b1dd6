import TributaryAPI

extension ExternalBackend: GatewayBackend {
    var routes: GatewayRoutes { GatewayRoutes(writeURL: direct.writeURL, tenantHeader: direct.tenantHeader) }
}
