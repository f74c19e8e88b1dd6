import Kube
import TestSupport
import Testing

@testable import KubeClient

@Suite("Exec plugins", .timeLimit(.minutes(5))) struct ExecTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A plugin as a shell script, which counts its runs in the file `runs`.
    private func plugin(_ script: String) throws -> ExecPlugin {
        let path = try directory.write("plugin", "echo run >> \(directory.path("runs"))\n\(script)\n")
        var plugin = ExecPlugin(command: "sh")
        plugin.arguments = [path]
        return plugin
    }

    private var runs: Int {
        ((try? TemporaryDirectory.read(directory.path("runs"))) ?? "").split(separator: "\n").count
    }

    private func answer(_ status: String) -> String {
        """
        cat <<END
        {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {\(status)}}
        END
        """
    }

    private func withPlugin(
        _ plugin: ExecPlugin, _ script: @escaping ScriptedServer.Script,
        _ test: (KubeClient, ScriptedServer) async throws -> Void
    ) async throws {
        defer { directory.remove() }
        try await withServer(script, test: test) {
            $0.authentication = .exec(plugin)
            $0.environment = ChildProcess.environment
        }
    }

    private func get(_ client: KubeClient) async throws { _ = try await client.raw(method: "GET", path: "/api") }

    @Test func `A plugin runs once for many calls, and again when its credentials expire`() async throws {
        let plugin = try plugin(
            """
            n=$(wc -l < \(directory.path("runs")))
            end=2999-01-01T00:00:00Z
            test $n = 1 && end=$(date -u +%Y-%m-%dT%H:%M:%SZ)
            \(answer("\"token\": \"token-$n\", \"expirationTimestamp\": \"$end\""))
            """)
        try await withPlugin(plugin) { _, reply in
            try await reply.json([:])
        } _: { client, server in
            try await get(client)
            // The first credentials expire immediately. Only one of the calls that need new ones runs the plugin.
            try await withThrowingTaskGroup { group in
                for _ in 0..<20 { group.addTask { try await get(client) } }
                try await group.waitForAll()
            }
            #expect(runs == 2)
            let seen = server.requests.map { $0.header("Authorization") ?? "" }
            #expect(Set(seen) == ["Bearer token-1", "Bearer token-2"])
            #expect(seen.first == "Bearer token-1" && seen.count == 21)
        }
    }

    @Test func `A plugin runs again when the server refuses its credentials`() async throws {
        let plugin = try plugin(answer("\"token\": \"token-$(wc -l < \(directory.path("runs")))\""))
        try await withPlugin(plugin) { request, reply in
            let isGood = request.header("Authorization") == "Bearer token-2"
            try await reply.json(isGood ? [:] : APIStatus.unauthorized.json, status: isGood ? 200 : 401)
        } _: { client, server in
            try await withThrowingTaskGroup { group in
                for _ in 0..<10 {
                    group.addTask {
                        let response = try await client.raw(method: "GET", path: "/api")
                        #expect(response.status == 200)
                    }
                }
                try await group.waitForAll()
            }
            #expect(runs == 2)
        }
    }

    @Test func `A plugin gets its input in the environment`() async throws {
        var plugin = try plugin(
            """
            printf %s "$KUBERNETES_EXEC_INFO" > \(directory.path("info"))
            printf %s "$1 $EXTRA $HOME" > \(directory.path("words"))
            \(answer("\"token\": \"t\""))
            """)
        plugin.arguments.append("argument")
        plugin.environment = ["EXTRA": Redacted("extra")]
        plugin.clusterInfo = Redacted(["server": "https://10.0.0.1"])
        try await withPlugin(plugin) { _, reply in
            try await reply.json([:])
        } _: { client, _ in
            try await get(client)
            let info = try JSON(parsing: TemporaryDirectory.read(directory.path("info")))
            #expect(
                info == [
                    "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
                    "spec": ["interactive": false, "cluster": ["server": "https://10.0.0.1"]],
                ])
            let words = try TemporaryDirectory.read(directory.path("words"))
            #expect(words == "argument extra \(ChildProcess.environment["HOME"] ?? "")")
        }
    }

    @Test(arguments: [
        (
            "echo 'no token: eyJhbGciOiJSUzI1NiJ9.x for password hunter2, see /usr/share/doc' >&2; exit 3",
            "exited with status 3: no token: <redacted> for password <redacted>, see /usr/share/doc"
        ),
        ("kill -9 $$", "was terminated by signal 9"), ("echo s3cret", "expected an ExecCredential"),
        (
            "echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1beta1\"}'",
            "found apiVersion \"client.authentication.k8s.io/v1beta1\", expected \"client.authentication.k8s.io/v1\""
        ),
        ("echo 'kind: Pod'", "found an object of kind \"Pod\", expected an ExecCredential"),
        ("yes s3cret", "wrote more than 1048576 bytes"), ("exec sleep 30", "did not exit within 0.5 seconds"),
    ])
    func `A failed plugin is reported without secrets`(script: String, problem: String) async throws {
        var plugin = try plugin(script)
        plugin.timeout = script.contains("sleep") ? .milliseconds(500) : .seconds(240)
        try await withPlugin(plugin) { _, reply in
            try await reply.json([:])
        } _: { client, server in
            let error = await caught { try await get(client) }
            #expect((error as? KubeClientError)?.code == .configuration)
            #expect(message(error).contains(problem), "\(message(error))")
            #expect(message(error).hasPrefix("exec plugin \"sh\": "))
            #expect(!message(error).contains("s3cret") && !message(error).contains("hunter2"))
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: [
        ("\"token\": \"\"", "found neither a token nor a client certificate"),
        ("\"clientKeyData\": \"k\"", "found only one of clientCertificateData and clientKeyData"),
        ("\"token\": \"t\", \"expirationTimestamp\": \"soon\"", "expirationTimestamp that is not in RFC 3339 format"),
        ("\"token\": \"a\\nb\"", "contains a blank, a line break"),
    ])
    func `An ExecCredential without valid credentials is reported`(status: String, problem: String) async throws {
        try await withPlugin(try plugin(answer(status).replacing("\\n", with: "\\\\n"))) { _, reply in
            try await reply.json([:])
        } _: { client, _ in
            let error = await caught { try await get(client) }
            #expect(message(error).contains(problem), "\(message(error))")
        }
    }

    @Test func `The error for a missing plugin contains its install hint`() async throws {
        var plugin = ExecPlugin(command: "no-such-plugin")
        plugin.installHint = "get it\nfrom the shop"
        try await withPlugin(plugin) { _, reply in
            try await reply.json([:])
        } _: { client, _ in
            let error = await caught { try await get(client) }
            #expect(
                message(error) == "exec plugin \"no-such-plugin\": not found in PATH: get it from the shop")
        }
    }

    @Test func `All calls that wait for a failing plugin get the error of one run`() async throws {
        let plugin = try plugin("sleep 0.3; exit 1")
        try await withPlugin(plugin) { _, reply in
            try await reply.json([:])
        } _: { client, _ in
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 { group.addTask { await caught { try await get(client) } is KubeClientError } }
                for await failed in group { #expect(failed) }
            }
            #expect(runs == 1)
            _ = await caught { try await get(client) }
            #expect(runs == 2)
        }
    }

    @Test(arguments: [
        ("see https://sso.example.com/login", "see https://sso.example.com/login"),
        ("Authorization: Bearer abc", "Authorization: Bearer <redacted>"),
        ("{\"token\":\"short\"}", "{\"token\":\"<redacted>\"}"),
        ("AKIAIOSFODNN7EXAMPLE is expired", "<redacted> is expired"),
        ("session FwoGZXIvYXdzEBYaDH1234 ended", "session <redacted> ended"),
        ("the secret_key=abc123 is wrong", "the secret_key=<redacted> is wrong"),
        ("password swordfish is wrong", "password <redacted> is wrong"),
    ])
    func `Possible credentials are redacted in the output of other programs`(text: String, redacted: String) {
        #expect(text.redactingCredentials == redacted)
    }
}
