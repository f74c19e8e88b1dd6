import TestSupport

#if canImport(Glibc)
import Glibc
#endif

/// An nginx with a small configuration: the server behind the gateway, and a proxy to compare the gateway with.
struct PlainNginx {
    /// The path of the installed nginx; nil without one.
    static let path = ChildProcess.find("nginx")
    /// Otherwise the workers of a master that runs as root could not enter the folder.
    static var user: String { getuid() == 0 ? "user root;" : "" }

    let client: LoopbackClient

    /// Starts a server that takes any write, and answers any query with an empty result.
    static func upstream(_ nginx: String, _ children: Children) async throws -> PlainNginx {
        let empty = #"{"status":"success","data":{"resultType":"vector","result":[]}}"#
        return try await PlainNginx(
            nginx, "upstream", children,
            """
            location / { default_type application/json; return 200 '\(empty)'; }
            location = /write { return 204; }
            """)
    }

    /// Starts a proxy that forwards everything to a server, with the buffers and connections that the gateway has.
    static func proxy(_ nginx: String, to port: Int, _ children: Children) async throws -> PlainNginx {
        try await PlainNginx(
            nginx, "proxy", children,
            "location / { proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_pass http://upstream; }",
            more: "upstream upstream { server 127.0.0.1:\(port); keepalive 64; }")
    }

    private init(
        _ nginx: String, _ name: String, _ children: Children, _ locations: String, more: String = ""
    ) async throws {
        let port = try freePort()
        let directory = children.directory
        let file = try directory.write(
            "\(name)/nginx.conf",
            """
            \(Self.user)
            worker_processes 2;
            pid nginx.pid;
            events { worker_connections 4096; }
            http {
                access_log off;
                client_max_body_size 16m;
                client_body_buffer_size 128k;
                keepalive_requests 100000;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                \(more)
                server { listen 127.0.0.1:\(port); \(locations) }
            }
            """)
        client = LoopbackClient(address: "127.0.0.1", port: port)
        let process = try children.start(
            name, nginx, ["-p", directory.path("\(name)/"), "-c", file, "-e", "stderr", "-g", "daemon off;"])
        try await waitUntil("nginx answers", within: .seconds(20)) { [client] in
            guard process.isRunning else { throw WaitingError(description: "nginx ended: \(process.log)") }
            return client.ask(LoopbackClient.get("/")) != nil
        }
    }
}
