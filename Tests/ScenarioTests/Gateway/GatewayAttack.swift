import Kube

/// A request with which tenant `a` tries to write or read as tenant `b`, or to reach what no tenant may reach.
struct GatewayAttack: Sendable {
    var name: String
    /// The request in bytes.
    var text: String

    /// The attacks by somebody who has the credentials of `a`.
    static let all: [GatewayAttack] =
        forgedHeaders + doubled + spelledPaths + otherPaths + framings + parameters + methods

    /// The names of headers that servers behind a gateway may take for a tenant's.
    private static let tenantHeaders = [
        "THANOS-TENANT", "thanos-tenant", "Thanos-Tenant", "ThAnOs-TeNaNt", "X-Scope-OrgID", "x-scope-orgid",
        "X-SCOPE-ORGID", "X-Tributary-Tenants", "x-tributary-tenants", "X-Tributary-Service", "AccountID", "ProjectID",
    ]

    private static let forgedHeaders: [GatewayAttack] =
        (tenantHeaders.map { "\($0): b" } + otherHeaders).flatMap { [write($0, $0), read($0, $0)] }

    private static let otherHeaders: [String] =
        [
            // Spellings that some servers read as another name.
            "THANOS_TENANT: b", "Thanos_Tenant: b", "X_Scope_OrgID: b", "X_Tributary_Tenants: b", "THANOS.TENANT: b",
            "THANOS-TENANT : b", " THANOS-TENANT: b", "\tTHANOS-TENANT: b", "THANOS-TENANT:b", "THANOS-TENANT:\tb",
            "THANOS-TENANT: a,b", "THANOS-TENANT: a, b", "THANOS-TENANT: a|b", "THANOS-TENANT: b\u{0B}",
            "THANOS-TENANT\u{00}: b", "THANOS-TENANT: a\u{00}b", "\u{00}THANOS-TENANT: b", "THANOS-TENANT\r: b",
            "\"THANOS-TENANT\": b", "THANOS-TENANT;x: b", "(THANOS-TENANT): b", "THANOS–TENANT: b",
            // Folded lines.
            "X-Other: 1\r\n THANOS-TENANT: b", "X-Other: 1\r\n\tTHANOS-TENANT: b", "THANOS-TENANT:\r\n b",
            "THANOS-TENANT: a\r\n b", "User-Agent: x\r\n THANOS-TENANT: b", "X-Other: 1\nTHANOS-TENANT: b",
            "X-Other: 1\rTHANOS-TENANT: b", "User-Agent: 1\rTHANOS-TENANT: b", "User-Agent: x%0d%0aTHANOS-TENANT: b",
            "traceparent: x\\r\\nTHANOS-TENANT: b", "Content-Type: x\u{0C}THANOS-TENANT: b",
            // Headers that ask a proxy to drop others, or to go elsewhere.
            "Connection: THANOS-TENANT\r\nTHANOS-TENANT: b", "Connection: close, X-Tributary-Tenants",
            "Connection: keep-alive, THANOS-TENANT, X-Tributary-Tenants, Host",
            "X-Forwarded-User: b", "X-Auth-Request-Tenant: b", "X-Forwarded-Uri: /api/v1/admin", "X-Original-URL: /b",
            "X-Rewrite-URL: /b", "X-Accel-Redirect: /r/b", "X-HTTP-Method-Override: DELETE", "Forwarded: for=b;host=b",
            "X-Forwarded-Host: b",
            "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings",
            "Upgrade: websocket\r\nConnection: Upgrade", "Expect: 100-continue\r\nTHANOS-TENANT: b", "TE: trailers",
        ]

    /// Two of a header that should be there once.
    private static let doubled: [GatewayAttack] = [
        "THANOS-TENANT: a\r\nTHANOS-TENANT: b", "THANOS-TENANT: b\r\nTHANOS-TENANT: a",
        "X-Tributary-Tenants: b\r\nx-tributary-tenants: b", "Authorization: Bearer Write-Token-Of-b-nex",
        "Authorization: Bearer ,Bearer Read-Token-Of-b-nex", "authorization: Basic YjpiOmI6YjpiOmI6YjpiOmI=",
        "Host: b", "Host: 127.0.0.1:9090", "Content-Type: a\r\nContent-Type: b", "Cookie: tenant=b\r\nCookie: tenant=a",
    ].flatMap { [write("a second \($0)", $0), read("a second \($0)", $0)] }

    /// Other spellings of permitted paths, and ways out of them.
    private static let spelledPaths: [GatewayAttack] = [
        "/tenants/read/api/v1/../../../api/v1/admin/tsdb/snapshot", "/tenants/read/api/v1/%2e%2e/admin",
        "/tenants/read/api/v1/..%2fadmin", "/tenants/read/api/v1/..;/admin", "/tenants/read//api/v1/query?query=up",
        "//tenants/read/api/v1/query?query=up", "/tenants/./read/api/v1/query?query=up",
        "/tenants/read/api/v1/%71uery?query=up", "/tenants/read/api/v1/query%3fquery=up",
        "/tenants/read/api/v1/query/?query=up", "/tenants/read/api/v1/query/../status/config",
        "/tenants/read/api/v1/query%00", "/tenants/read/api/v1/query%0d%0aTHANOS-TENANT:%20b",
        "/tenants/read/api/v1/query;x?query=up", "/tenants/read/api/v1/query\\..\\status", "/Tenants/Read/api/v1/query",
        "/tenants/read/api/v1/QUERY?query=up", "/tenants/write/../read/api/v1/query?query=up",
        "/tenants/%72ead/api/v1/query",
        "/tenants/read/api/v1/label/../status/config/values", "/tenants/read/api/v1/label/x/../../status/config",
        "/tenants/read/api/v1/label/x%2f..%2f..%2fstatus/values", "/tenants/read/api/v1/label/%2e%2e/values",
        "/tenants/read/api/v1/label/a%3fb/values", "/tenants/read/api/v1/label//values",
        "/tenants/read/api/v1/label/x/values/..", "/tenants/read/api/v1/query#/../../admin",
        "http://b/api/v1/query?query=up", "http://127.0.0.1:9090/api/v1/query", "http:///tenants/read/api/v1/query",
        "http://b/tenants/../api/v1/query", "https://b@c/tenants/read/api/v1/status/config", "*",
        "tenants/read/api/v1/query",
        "/tenants/read/api/v1/query?query=up HTTP/1.1\r\nTHANOS-TENANT: b\r\nX: ", "/?/tenants/read/api/v1/query",
        "/tenants/read/api/v1/query?\u{01}", "/r/16777216-0-0", "/w/16777216-0-0", "/authenticate", "/service",
        "/401/none",
        "/404", "/@400", "/r/16777216-0-0?query=up", "/status", "/config", "/healthz", "/", "",
    ].map { read($0, path: $0) }

    /// Paths of the servers behind the gateway that no tenant may reach.
    private static let otherPaths: [GatewayAttack] = [
        "/api/v1/query?query=up", "/tenants/read", "/tenants/read/", "/tenants/read/graph", "/tenants/read/metrics",
        "/tenants/read/federate?match[]=up", "/tenants/read/api/v1/metadata", "/tenants/read/api/v1/status/config",
        "/tenants/read/api/v1/status/tsdb", "/tenants/read/api/v1/targets", "/tenants/read/api/v1/stores",
        "/tenants/read/api/v1/write", "/tenants/read/api/v1/receive", "/tenants/read/api/v1/read",
        "/tenants/read/api/v1/admin/tsdb/delete_series?match[]=up", "/tenants/read/-/reload",
        "/tenants/read/debug/pprof",
        "/tenants/read/api/v2/silences", "/tenants/write/api/v1/receive", "/tenants/write/", "/tenants/writes",
    ].flatMap { [read($0, path: $0), write($0, "X: 1", path: $0)] }

    /// Parameters by which some servers choose a tenant.
    private static let parameters: [GatewayAttack] = [
        "tenant=b", "tenant_id=b", "X-Scope-OrgID=b", "THANOS-TENANT=b", "extra_label=tenant=b", "org_id=b",
        "query=up&query=secret", "query=up%00", "query=up;tenant=b", "query=up&%0d%0aTHANOS-TENANT:b", "access_token=b",
    ].map { read($0, path: "/tenants/read/api/v1/query?query=up&\($0)") }

    private static let methods: [GatewayAttack] = [
        "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "GETS", "get", "GET\u{00}", "PRI",
    ].flatMap { method in
        ["/tenants/write", "/tenants/read/api/v1/query"].map { path in
            GatewayAttack(
                name: "\(method) \(path)",
                text: "\(method) \(path) HTTP/1.1\r\nHost: g\r\n\(readCredential)Connection: close\r\n\r\n")
        }
    }

    static let writeCredential = "Authorization: Bearer Write-Token-Of-a-new\r\n"
    static let readCredential = "Authorization: Bearer Read-Token-Of-a-new\r\n"

    private static func write(_ name: String, _ headers: String, path: String = "/tenants/write") -> GatewayAttack {
        GatewayAttack(
            name: "write: \(name)",
            text: "POST \(path) HTTP/1.1\r\nHost: g\r\n\(writeCredential)\(headers)\r\n"
                + "Content-Length: 1\r\nConnection: close\r\n\r\nx")
    }

    private static func read(
        _ name: String, _ headers: String = "X: 1", path: String = "/tenants/read/api/v1/query?query=up"
    ) -> GatewayAttack {
        GatewayAttack(
            name: "read: \(name)",
            text: "GET \(path) HTTP/1.1\r\nHost: g\r\n\(readCredential)\(headers)\r\nConnection: close\r\n\r\n")
    }
}
