import Glibc
import Kube
import TestSupport
import Testing

/// A real nginx that implements an Ingress, configured as ingress-nginx configures it.
///
/// With `rewrite-target`, ingress-nginx matches every path of the host as a case-insensitive regular expression against
/// the start of a request's path, and replaces the whole path with the target. If no rule matches, the response is 404.
struct IngressFront {
    let port: Int
    let process: ChildProcess
    /// The path of its certificate, which clients have to trust.
    let certificate: String

    init(_ ingress: Object, in rendered: Rendered, _ network: LoopbackNetwork, _ story: Story) async throws {
        let directory = story.directory
        let rule = try #require(ingress.json["spec", "rules"]?[0])
        let host = try #require(rule["host"]?.string)
        try #require(ingress.json["spec", "tls"]?[0]?["hosts"]?.array == [JSON(host)])
        port = try freePort()
        certificate = directory.path("\(ingress.name).crt")
        let made = try await ChildProcess.run(
            try #require(InstalledPrograms.openssl),
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=\(host)", "-addext", "subjectAltName=DNS:\(host),DNS:localhost",
                "-keyout", directory.path("\(ingress.name).key"), "-out", certificate,
            ])
        try #require(made.code == 0, "\(made.output)")

        let rewrite = ingress.annotations["nginx.ingress.kubernetes.io/rewrite-target"]
        let locations = try (rule["http", "paths"]?.array ?? []).map { path in
            let from = try #require(path["path"]?.string)
            let backend = try Self.backend(path["backend", "service"] ?? .null, of: ingress, in: rendered)
            let location =
                if rewrite != nil { "~* \"^\(from)\"" } else if path["pathType"] == "Exact" { "= \(from)" } else {
                    from
                }
            return """
                location \(location) {
                    \(rewrite.map { "rewrite \"(?i)\(from)\" \($0) break;" } ?? "")
                    proxy_pass http://\(network.map(backend));
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                }
                """
        }
        let configuration = try directory.write(
            "\(ingress.name).conf",
            """
            daemon off;
            master_process off;
            \(getuid() == 0 ? "user root;" : "")
            pid \(directory.path("nginx.pid"));
            error_log stderr;
            events { worker_connections 256; }
            http {
                access_log off;
                client_max_body_size 1m;
                client_body_temp_path \(directory.path("nginx-body"));
                proxy_temp_path \(directory.path("nginx-proxy"));
                fastcgi_temp_path \(directory.path("nginx-fastcgi"));
                uwsgi_temp_path \(directory.path("nginx-uwsgi"));
                scgi_temp_path \(directory.path("nginx-scgi"));
                server {
                    listen 127.0.0.1:\(port) ssl http2;
                    server_name \(host) localhost;
                    ssl_certificate \(certificate);
                    ssl_certificate_key \(directory.path("\(ingress.name).key"));
                    \(locations.joined(separator: "\n"))
                    location / { return 404; }
                }
            }
            """)
        process = try story.start(
            "nginx", try #require(InstalledPrograms.nginx), ["-c", configuration, "-e", directory.path("nginx.log")])
        let (port, certificate, process) = (port, certificate, process)
        try await eventually("nginx listens") {
            guard process.isRunning else { throw WaitingError(description: "nginx ended: \(process.log)") }
            return try await curl(["--cacert", certificate, "https://localhost:\(port)/"]).code == 404
        }
    }

    /// The address of a backend: the name of the Service and the number of its port.
    private static func backend(_ service: JSON, of ingress: Object, in rendered: Rendered) throws -> String {
        let name = try #require(service["name"]?.string)
        let ports = try rendered.object("Service", name).json["spec", "ports"]?.array ?? []
        let named = ports.first { $0["name"] != nil && $0["name"] == service["port", "name"] }
        let number = try #require(service["port", "number"]?.int ?? named?["port"]?.int)
        return "\(name).\(ingress.namespace ?? "default").svc:\(number)"
    }
}
