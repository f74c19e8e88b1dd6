import PlanningInput

/// The text of a gateway's `nginx.conf` and of the files that it includes, except those of the tenants.
///
/// It works with nginx 1.22 and later, without further modules. All paths in it are relative, to the folder of
/// `nginx.conf` or to the working folder of the script.
struct GatewayServer {
    let configuration: GatewayConfiguration
    let addresses: GatewayAddresses
    let classes: GatewayClasses
    let entries: GatewayEntries
    /// The number of parts of the tenants.
    let parts: Int

    /// The name of the server that the authenticating service's answer leads to, on a socket that only nginx uses.
    static let hop = "service"
    /// The name of the server that the URI of a certificate leads to, on another such socket.
    static let identityHop = "identity"

    /// The file `nginx.conf`.
    var main: String {
        """
        # Written by Tributary; edits are lost.
        worker_processes \(configuration.workers);
        worker_shutdown_timeout 300s;
        pid nginx.pid;
        error_log stderr \(configuration.logLevel);
        events { worker_connections 4096; }
        http {
        \(settings)
        \(identity)
        \(decisions)
        \(forwarding)
        \(zones)
        include upstreams.conf;
        server {
            server_name gateway;
            include listen-front.conf;
        \(tls)
            include locations.conf;
        }
        \(hopServer)\(identityHopServer)
        server {
            server_name status;
            include listen-status.conf;
            access_log off;
            location = /healthz { return 200 "ok\\n"; }
            location = /config { include hash.conf; }
            location = /status { stub_status; }
            location / { return 404; }
        }
        }

        """
    }

    /// The file that tells the script on which ports nginx listens: a line for each, with its name, number and options.
    var listeners: String {
        let usual = configuration.servesTLS ? GatewayNames.httpsPort : GatewayNames.httpPort
        return """
            front \(configuration.ports.front ?? usual)\(configuration.servesTLS ? " ssl" : "")
            status \(configuration.ports.status)

            """
    }

    /// Whether an authenticating service is asked.
    var asksService: Bool { addresses.service != nil }

    private var settings: String {
        // More than two thousand keys want a hash of their number; a power of two changes seldom.
        let keys = Self.powerOfTwo(atLeast: max(entries.lines.lines.count, 2048))
        let bucket = min(max(Self.powerOfTwo(atLeast: entries.lines.longest * 8), 1024), 32768)
        return """
                server_tokens off;
                default_type application/json;
                underscores_in_headers off;
                ignore_invalid_headers on;
                map_hash_max_size \(keys);
                map_hash_bucket_size \(bucket);
                variables_hash_max_size 8192;
                variables_hash_bucket_size 128;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                large_client_header_buffers 4 32k;
                client_body_buffer_size 128k;
                client_header_timeout 30s;
                client_body_timeout 60s;
                send_timeout 60s;
                keepalive_timeout 75s;
                keepalive_requests 100000;
                reset_timedout_connection on;
                uninitialized_variable_warn off;
                map $status $tributary_logged { default 1; "~^[23]" 0; }
                log_format tributary escape=json '{"time":"$time_iso8601","tenant":"$tributary_id","status":$status,'
                    '"received":$request_length,"sent":$bytes_sent,"seconds":$request_time,'
                    '"upstream":"$upstream_addr","upstreamStatus":"$upstream_status"}';
                access_log /dev/stdout tributary if=$tributary_logged;
            """
    }

    private var tls: String {
        guard configuration.servesTLS else { return "" }
        var lines = """
                ssl_certificate tls.crt;
                ssl_certificate_key tls.key;
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_session_tickets off;
            """
        if configuration.clientCertificates != nil {
            // A resumed session would not be verified by authorities that have changed since.
            lines += """

                    ssl_session_cache off;
                    ssl_client_certificate ca.crt;
                    ssl_verify_client optional;
                    ssl_verify_depth 4;
                """
        } else {
            lines += "\n    ssl_session_cache shared:tributary_tls:2m;"
        }
        return lines
    }

    /// The server for requests whose caller the authenticating service knows. It trusts the header with the tenant,
    /// which the first server sets, since nobody else reaches the socket.
    private var hopServer: String {
        guard asksService else { return "" }
        return """
            upstream tributary_hop { server unix:hop.sock; keepalive 16; }
            server {
                server_name \(Self.hop);
                listen unix:hop.sock;
                include locations.conf;
            }
            """
    }

    /// The memory in which nginx counts the requests of tenants: 128 bytes for each.
    private var zones: String {
        let size = min(max(Self.powerOfTwo(atLeast: entries.tenants * 256) >> 20, 1), 64)
        let rates = Set(classes.all.map(\.requestsPerSecond)).subtracting([0]).sorted()
        var lines = rates.map {
            "    limit_req_zone $tributary_id zone=tributary_rate_\($0):\(size)m rate=\($0)r/s;"
        }
        lines.append("    limit_conn_zone $tributary_id zone=tributary_concurrent:\(size)m;")
        return lines.joined(separator: "\n") + """

                limit_req_status 429;
                limit_req_log_level info;
                limit_conn_status 429;
                limit_conn_log_level info;
            """
    }

    private static func powerOfTwo(atLeast number: Int) -> Int {
        var power = 1
        while power < number { power *= 2 }
        return power
    }
}
