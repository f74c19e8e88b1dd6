import PlanningInput

extension GatewayServer {
    /// The headers of a request that are forwarded. All others are dropped, so that none of a caller's can be taken for
    /// one of the gateway's, however it is spelled.
    static let forwarded = [
        "Accept", "Accept-Encoding", "Cache-Control", "Content-Encoding", "Content-Type", "traceparent", "tracestate",
        "User-Agent", "X-Prometheus-Remote-Read-Version", "X-Prometheus-Remote-Write-Version",
    ]

    /// Where requests are forwarded to, and with which headers.
    var forwarding: String {
        let details = (0..<parts).map { "$tributary_details_\($0)" }.joined()
        let upstreams = addresses.all.map { "        \"\($0.upstream)\" \"\($0.authority)\";" }
        let names = addresses.all.map { "        \"\($0.upstream)\" \"\($0.host)\";" }
        var api = ["$tributary_both", "$tributary_get"]
        if configuration.routes.isolatesReads { api += ["$tributary_both2", "$tributary_get2", "$tributary_post"] }
        let federates = configuration.routes.servesFederate
        let federate = federates ? "\n        \"rfederate\" \"$tributary_base/federate$is_args$args\";" : ""
        let login = configuration.readAuthorization.map {
            "\n    map $tributary_way $tributary_login { default \"\"; \"r\" \"\($0)\"; }"
        }
        return #"""
                map "\#(details)" $tributary_ids {
                    default "$tributary_id";
                    "~^(?<tributary_list>[^ ]+) " "$tributary_list";
                }
                map "$tributary_way \#(details)" $tributary_base {
                    default "";
                    "~^w " "\#(addresses.write?.url ?? "")";
                    "~^r [^ ]+ (?<tributary_read>[^ /][^ ]*)$" "$tributary_read";
                    "~^r " "\#(addresses.read?.url ?? "")";
                }
                map "$tributary_way\#(federates ? "$tributary_plain" : "")" $tributary_url {
                    default "$tributary_base";
                    "r" "$tributary_base/api/v1/\#(api.joined())$is_args$args";\#(federate)
                }
                map $tributary_base $tributary_upstream {
                    default "";
                    "~^https?://(?<tributary_group>[a-z0-9_]+)" "$tributary_group";
                }
                map $tributary_upstream $tributary_host {
                    default "";
            \#(upstreams.joined(separator: "\n"))
                }
                map $tributary_upstream $tributary_server {
                    default "";
            \#(names.joined(separator: "\n"))
                }
                map $tributary_way $tributary_readable { default ""; "r" "$tributary_ids"; }\#(login ?? "")
            \#(headers)
                proxy_http_version 1.1;
                proxy_pass_request_headers off;
                proxy_redirect off;
                proxy_connect_timeout 5s;
                proxy_send_timeout 60s;
                proxy_read_timeout 300s;
                proxy_buffer_size 16k;
                proxy_buffers 8 32k;
                proxy_max_temp_file_size 0;
                proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset;
            \#(tlsToServers)
            """#
    }

    private var headers: String {
        var set: [(String, String)] = [("Host", "$tributary_host"), ("Connection", "")]
        if let header = tenantHeader { set.append((header, "$tributary_id")) }
        if let header = readHeader { set.append((header, "$tributary_readable")) }
        if configuration.readAuthorization != nil { set.append(("Authorization", "$tributary_login")) }
        let own = set.map { $0.0.lowercased() }
        for name in Self.forwarded where !own.contains(name.lowercased()) {
            set.append((name, "$http_\(name.lowercased().replacing("-", with: "_"))"))
        }
        return set.map { "    proxy_set_header \($0.0) \"\($0.1)\";" }.joined(separator: "\n")
    }

    private var tenantHeader: String? { configuration.routes.tenantHeader.flatMap(Self.plain) }
    private var readHeader: String? { configuration.routes.readHeader.flatMap(Self.plain) }

    private static func plain(_ name: String) -> String? { GatewaySyntax.isHeader(name) ? name : nil }

    private var tlsToServers: String {
        guard addresses.all.contains(where: { $0.scheme == "https" }) else { return "" }
        let hasOwn = configuration.hasServerCertificate
        let own = """

                proxy_ssl_certificate \(GatewayScript.serverCertificate);
                proxy_ssl_certificate_key \(GatewayScript.serverKey);
            """
        return """
                proxy_ssl_server_name on;
                proxy_ssl_name $tributary_server;
                proxy_ssl_protocols TLSv1.2 TLSv1.3;
                proxy_ssl_verify on;
                proxy_ssl_verify_depth 4;
                proxy_ssl_trusted_certificate \(hasOwn ? GatewayScript.serverAuthorities : configuration.trustedAuthorities);
            """ + (hasOwn ? own : "")
    }
}
