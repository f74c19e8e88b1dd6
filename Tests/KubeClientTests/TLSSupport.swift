import Glibc
import TestSupport

/// The path of nginx; that of Debian supports HTTP/2.
let nginx = ChildProcess.find("nginx", in: ["/usr/sbin"])
let openssl = ChildProcess.find("openssl")

/// Certificates of an authority for one test.
struct TestAuthority {
    let directory: TemporaryDirectory

    init(_ directory: TemporaryDirectory) async throws {
        self.directory = directory
        try await makeAuthority("ca")
    }

    func makeAuthority(_ name: String) async throws {
        try await run(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=\(name) "
                + "-keyout @/\(name).key -out @/\(name).crt -addext basicConstraints=critical,CA:TRUE")
    }

    /// A certificate signed by an authority, for names or for a client.
    func make(_ name: String, extensions: String, by authority: String = "ca") async throws {
        try directory.write("\(name).ext", extensions + "\n")
        try await run(
            "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(name) "
                + "-keyout @/\(name).key -out @/\(name).csr")
        try await run(
            "x509 -req -in @/\(name).csr -CA @/\(authority).crt -CAkey @/\(authority).key -CAcreateserial -days 2 "
                + "-out @/\(name).crt -extfile @/\(name).ext")
    }

    private func run(_ command: String) async throws {
        let arguments = command.split(separator: " ").map { String($0).replacing("@", with: directory.root) }
        let result = try await ChildProcess.run(openssl ?? "openssl", arguments)
        guard result.code == 0 else { throw WaitingError(description: "openssl \(command): \(result.output)") }
    }
}

/// nginx with TLS and HTTP/2 in front of a scripted server.
struct TLSFront {
    let port: Int
    let process: ChildProcess

    init(
        _ directory: TemporaryDirectory, certificate: String, to server: ScriptedServer, speaksHTTP2: Bool = true
    ) async throws {
        let port = try freePort()
        self.port = port
        let configuration = try directory.write(
            "nginx.conf",
            """
            daemon off;
            master_process off;
            \(getuid() == 0 ? "user root;" : "")
            pid \(directory.root)/nginx.pid;
            error_log stderr;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path \(directory.root)/body;
                proxy_temp_path \(directory.root)/proxy;
                fastcgi_temp_path \(directory.root)/fastcgi;
                uwsgi_temp_path \(directory.root)/uwsgi;
                scgi_temp_path \(directory.root)/scgi;
                server {
                    listen 127.0.0.1:\(port) ssl\(speaksHTTP2 ? " http2" : "");
                    ssl_certificate \(directory.path("\(certificate).crt"));
                    ssl_certificate_key \(directory.path("\(certificate).key"));
                    ssl_client_certificate \(directory.path("ca.crt"));
                    ssl_verify_client optional_no_ca;
                    gzip on;
                    gzip_types application/json;
                    gzip_proxied any;
                    location / {
                        proxy_pass \(server.url);
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header X-Protocol $server_protocol;
                        proxy_set_header X-Verify $ssl_client_verify;
                        proxy_set_header X-Subject $ssl_client_s_dn;
                        proxy_set_header X-Server-Name $ssl_server_name;
                        proxy_set_header X-Connection $connection;
                        proxy_buffering off;
                        proxy_read_timeout 60s;
                    }
                }
            }
            """)
        process = try ChildProcess(
            nginx ?? "nginx", ["-c", configuration, "-e", "stderr"], logPath: directory.path("nginx.log"))
        do {
            try await waitUntil("nginx listens") { [process] in
                guard process.isRunning else { throw WaitingError(description: "nginx ended: \(process.log)") }
                return try await ChildProcess.run("/bin/bash", ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(port)"]).code == 0
            }
        } catch {
            await process.stop()
            throw error
        }
    }
}
