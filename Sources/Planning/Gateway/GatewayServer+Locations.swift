extension GatewayServer {
    /// The file with the locations. A location of the gateway itself cannot be requested, since it is internal.
    var locations: String {
        """
        location / {
            client_max_body_size 0;
            rewrite ^ $tributary_target last;
        }
        \(classes.all.map(forwards).joined())\(refusals)\(errors)\(service)\(identityLocations)
        """
    }

    /// The locations that forward the requests of a class.
    private func forwards(_ limits: GatewayClass) -> String {
        var lines = "    client_max_body_size \(limits.bodyBytes);\n"
        let rate = limits.requestsPerSecond
        if rate > 0 { lines += "    limit_req zone=tributary_rate_\(rate) burst=\(rate) nodelay;\n" }
        if limits.concurrentRequests > 0 {
            lines += "    limit_conn tributary_concurrent \(limits.concurrentRequests);\n"
        }
        return ["w", "r"].map { way in
            "location = /\(way)/\(limits.name) {\n    internal;\n\(lines)    proxy_pass $tributary_url;\n}\n"
        }.joined()
    }

    private static let nothing = "only writes and the query API pass the gateway"

    /// The locations that refuse requests.
    private var refusals: String {
        let challenge = """
            add_header WWW-Authenticate 'Bearer realm="tributary"' always; \
            add_header WWW-Authenticate 'Basic realm="tributary"' always;
            """
        let refused: [(path: String, status: Int, headers: String, message: String)] = [
            ("/401/none", 401, challenge, "the request has no credential: send a bearer token or basic authentication"),
            ("/401/unknown", 401, challenge, "the credential is unknown, malformed or no longer valid"),
            (
                "/403/purpose", 403, "",
                "the credential is valid, and does not permit this: writing and reading are apart"
            ),
            ("/403/tenant", 403, "", "the caller is known, and no tenant of this view"),
            ("/403/leaving", 403, "", "the tenant is being removed, and can no longer write"),
            ("/404", 404, "", Self.nothing),
            ("/405/w", 405, "add_header Allow POST always;", "writes need POST"),
            ("/405/b", 405, "add_header Allow 'GET, POST' always;", "queries need GET or POST"),
            ("/405/g", 405, "add_header Allow GET always;", "this needs GET"),
            ("/405/f", 405, "add_header Allow GET always;", "this needs GET"),
            ("/405/p", 405, "add_header Allow POST always;", "this needs POST"),
        ]
        return refused.map {
            """
            location = \($0.path) { internal; client_max_body_size 0; \($0.headers) \
            return \($0.status) '\(Self.body($0.status, $0.message))'; }

            """
        }.joined()
    }

    /// What nginx itself refuses, with bodies as those of Prometheus.
    private static let refused: [(status: Int, answer: Int, message: String)] = [
        (400, 400, "the request is malformed"),
        (401, 401, "the authenticating service does not know the caller"),
        (403, 403, "the authenticating service refuses the caller"),
        (404, 404, Self.nothing),
        (413, 413, "the body is larger than the tenant's limit"),
        (429, 429, "the tenant has more requests than its limit"),
        (495, 401, "the client certificate is not signed by an authority of this view"),
        (497, 400, "this port needs HTTPS"),
        (500, 503, "the gateway cannot decide about the request now"),
        (502, 502, "the server behind the gateway cannot be reached"),
        (504, 504, "the server behind the gateway does not answer in time"),
    ]

    private var errors: String {
        Self.refused.map {
            """
            error_page \($0.status) =\($0.answer) @\($0.status);
            location @\($0.status) { client_max_body_size 0; return \($0.answer) '\(Self.body($0.answer, $0.message))'; }

            """
        }.joined()
    }

    /// The answers of a location that has its own for a caller who is refused.
    static func errorPages(refused location: String) -> String {
        refused.map { "    error_page \($0.status) =\($0.answer) \($0.status == 403 ? location : "@\($0.status)");" }
            .joined(separator: "\n")
    }

    private static func body(_ status: Int, _ message: String) -> String {
        #"{"status":"error","errorType":"gateway","error":"\#(status): \#(message.replacing("'", with: "’"))"}"#
    }

    /// The most bytes of a body that any tenant may send.
    var largestBody: Int64 { classes.all.map(\.bodyBytes).max() ?? classes.usual.bodyBytes }

    /// The headers that reach a server behind one of nginx's own sockets, besides the answer about the caller.
    var hopHeaders: String {
        let set =
            [("Host", "gateway"), ("Connection", "\"\"")]
            + Self.forwarded.map { ($0, "$http_\($0.lowercased().replacing("-", with: "_"))") }
        return set.map { "    proxy_set_header \($0.0) \($0.1);" }.joined(separator: "\n")
    }

    /// What proxies tell about a caller. A service that trusts its proxy would take a caller's own word for it.
    private static let proxyHeaders =
        ["Forwarded", "X-Real-IP", "X-Original-URL", "X-Rewrite-URL"]
        + [
            "For", "Host", "Proto", "Port", "Prefix", "Uri", "Method", "User", "Email", "Groups", "Preferred-Username",
            "Access-Token", "Client-Cert",
        ].map { "X-Forwarded-\($0)" }

    /// The locations that ask the authenticating service and forward to ``hop`` what it accepts.
    private var service: String {
        guard let service = configuration.service, let address = addresses.service,
            GatewaySyntax.isHeader(service.effectiveTenantHeader)
        else { return "" }
        let tenantHeader = service.effectiveTenantHeader
        let variable = tenantHeader.lowercased().replacing("-", with: "_")
        let taken = ([tenantHeader] + Self.proxyHeaders.filter { $0.lowercased() != tenantHeader.lowercased() })
            .map { "    proxy_set_header \($0) \"\";" }.joined(separator: "\n")
        return """
            location = /service {
                internal;
                client_max_body_size \(largestBody);
                auth_request /authenticate;
                auth_request_set $tributary_service_answer $upstream_http_\(variable);
                proxy_set_header X-Tributary-Service $tributary_service_answer;
            \(hopHeaders)
                proxy_pass http://tributary_hop$request_uri;
            }
            location = /authenticate {
                internal;
                client_max_body_size 0;
                proxy_pass_request_headers on;
                proxy_pass_request_body off;
                proxy_set_header Host "\(address.authority)";
                proxy_set_header Connection "";
                proxy_set_header Content-Length "";
                proxy_set_header X-Tributary-Service "";
            \(taken)
                proxy_set_header X-Original-URI $request_uri;
                proxy_set_header X-Original-Method $request_method;
                proxy_ssl_name "\(address.host)";
                proxy_pass \(address.url);
            }

            """
    }
}
