import PlanningInput

/// Tenants by the URI of a client certificate. nginx has no variable for it, so it asks the process beside it.
extension GatewayServer {
    /// Whether the URI of a client certificate tells the tenant.
    var readsURIs: Bool { configuration.clientCertificates?.namesURIs ?? false }

    /// The server for requests whose certificate has been read. It trusts the header with the URI, which the first server
    /// sets, since nobody else reaches the socket.
    var identityHopServer: String {
        guard readsURIs else { return "" }
        return """

            upstream tributary_identity { server 127.0.0.1:\(configuration.ports.identity); keepalive 16; }
            upstream tributary_identity_hop { server unix:identity.sock; keepalive 16; }
            server {
                server_name \(Self.identityHop);
                listen unix:identity.sock;
                include locations.conf;
            }
            """
    }

    /// The locations that ask which URI a certificate has, and forward to ``identityHop`` what has exactly one.
    var identityLocations: String {
        guard readsURIs else { return "" }
        return """
            location = /identity {
                internal;
                client_max_body_size \(largestBody);
            \(Self.errorPages(refused: "/403/tenant"))
                auth_request /identify;
                auth_request_set $tributary_identity_answer $upstream_http_x_tributary_uri;
                proxy_set_header X-Tributary-URI $tributary_identity_answer;
            \(hopHeaders)
                proxy_pass http://tributary_identity_hop$request_uri;
            }
            location = /identify {
                internal;
                client_max_body_size 0;
                proxy_pass_request_body off;
                proxy_set_header Host identity;
                proxy_set_header Connection "";
                proxy_set_header Content-Length "";
                proxy_set_header X-Tributary-Client-Certificate $ssl_client_escaped_cert;
                proxy_pass http://tributary_identity/identify;
            }

            """
    }
}
