import Kube
import TestSupport

@testable import Planning

/// The servers behind a gateway: one that answers with what it got.
struct GatewayBackend: Sendable {
    let server: ScriptedServer

    static func start() async throws -> GatewayBackend {
        GatewayBackend(
            server: try await ScriptedServer.start { request, reply in
                var headers: JSON = [:]
                for (name, value) in request.headers { headers[name.lowercased()] = JSON(value) }
                try await reply.json(
                    [
                        "target": JSON(request.target), "method": JSON(request.method), "headers": headers,
                        "bytes": JSON(request.body.count),
                    ])
            })
    }

    /// A gateway's configuration with this server behind it, and the tenants `a` and `b`.
    func configuration() -> GatewayConfiguration {
        GatewayConfiguration(
            routes: GatewayRoutes(
                writeURL: "\(server.url)/api/v1/receive", readURL: "\(server.url)/prometheus",
                tenantHeader: "THANOS-TENANT", readHeader: "X-Tributary-Tenants"),
            tenants: [.sample("a"), .sample("b")])
    }
}

extension GatewayTenant {
    /// A tenant with an old and a new token for each purpose.
    static func sample(_ id: String) -> GatewayTenant {
        GatewayTenant(
            id: id, user: "tenant-\(id)",
            writeTokens: ["Write-Token-Of-\(id)-new", "Write-Token-Of-\(id)-old"],
            readTokens: ["Read-Token-Of-\(id)-new", "Read-Token-Of-\(id)-old"])
    }
}
