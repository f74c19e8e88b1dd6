import Glibc
import Kube
import TestSupport
import Testing
import TributaryAPI

@testable import Planning

@Suite("Changes of the gateway's configuration", .withNginx, .timeLimit(.minutes(5)))
struct GatewayChangeStory {
    @Test func `No write is refused while credentials rotate and nginx reloads`() async throws {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            var configuration = backend.configuration()
            let gateway = try await RunningGateway.start(story, configuration)
            let stopped = Locked(false)
            let token = Locked("Write-Token-Of-a-new")
            try await withThrowingTaskGroup(of: [Int: Int].self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        var counts: [Int: Int] = [:]
                        while !stopped.withLock({ $0 }) {
                            counts[try await gateway.write(token.withLock { $0 }).code, default: 0] += 1
                        }
                        return counts
                    }
                }
                var current = "Write-Token-Of-a-new"
                for round in 0..<5 {
                    let next = "Write-Token-Of-a-round-\(round)"
                    configuration.tenants[0].writeTokens = [next, current]
                    try await gateway.follow(configuration)
                    token.withLock { $0 = next }
                    current = next
                }
                stopped.withLock { $0 = true }
                var counts: [Int: Int] = [:]
                for try await part in group { counts.merge(part, uniquingKeysWith: +) }
                #expect(counts.keys.sorted() == [200] && counts[200] ?? 0 >= 30, "\(counts)")
            }
            #expect(try await gateway.write("Write-Token-Of-a-new").code == 401)
            #expect(try await gateway.write("Write-Token-Of-a-round-3").code == 200)
        }
        await backend.server.stop()
    }

    @Test func `A configuration that nginx refuses, or files that do not belong together, change nothing`() async throws
    {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            var configuration = backend.configuration()
            let gateway = try await RunningGateway.start(story, configuration)
            func serves() async throws -> Bool { try await gateway.write("Write-Token-Of-a-new").code == 200 }

            // A credential twice, as nginx repeats it in its message.
            let good = gateway.configured(configuration).files()
            var parts = good.parts.map {
                $0.filter { ![GatewayFiles.manifest, GatewayFiles.script].contains($0.name) }
            }
            for place in parts[1].indices where parts[1][place].name.hasPrefix("tenants-") {
                parts[1][place].text += parts[1][place].text
            }
            try gateway.replace(GatewayFiles(parts: parts, problems: []).files)
            try await eventually("the script logs the refusal") {
                gateway.process.log.contains("refused at tenants-1-0")
            }
            #expect(!gateway.process.log.contains("Token-Of"), "\(gateway.process.log)")
            #expect(try await serves())

            var broken = good.parts.map { $0.filter { $0.name != GatewayFiles.manifest } }
            broken[0][0].text = "events {} http { nonsense on; }"
            try gateway.replace(GatewayFiles(parts: broken, problems: []).files)
            try await eventually("the script names the directive") {
                gateway.process.log.contains("unknown directive \"nonsense\"")
            }
            #expect(try await serves())

            // The kubelet mounted one Secret before another.
            configuration.tenants.append(.sample("new"))
            let next = gateway.configured(configuration).files()
            try gateway.replace(Array((good.parts[0] + next.parts[1])))
            try await eventually("the script waits") { gateway.process.log.contains("do not belong together") }
            #expect(try await serves())
            #expect(try await gateway.write("Write-Token-Of-new-new").code == 401)

            try await gateway.follow(configuration)
            #expect(try await serves())
            #expect(try await gateway.write("Write-Token-Of-new-new").code == 200)
        }
        await backend.server.stop()
    }

    @Test func `Hosts are resolved while nginx runs, and one without an address holds up no other`() async throws {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            // Instead of the system's: it answers with the addresses in a file of the host's name.
            try story.directory.write(
                "bin/getent",
                "#!/bin/sh\n[ \"$1\" = ahostsv4 ] && cat \(story.directory.path("hosts"))/\"$2\" 2>/dev/null || exit 2\n"
            )
            chmod(story.directory.path("bin/getent"), 0o755)
            try story.directory.write("hosts/127.0.0.1", "127.0.0.1 STREAM x\n127.0.0.1 DGRAM\n")
            var configuration = backend.configuration()
            configuration.tenants[1].readURL = "http://proxy.tenants.svc:\(backend.server.port)/own"
            let path = ChildProcess.environment["PATH"] ?? ""
            let gateway = try await RunningGateway.start(
                story, configuration, environment: ["PATH": "\(story.directory.path("bin")):\(path)"])
            #expect(try await gateway.write("Write-Token-Of-a-new").code == 200)
            #expect(try await gateway.read("Read-Token-Of-b-new").code == 502)
            try story.directory.replace("hosts/proxy.tenants.svc", "127.0.0.1 STREAM x\nnonsense STREAM x\n")
            try await eventually("the host has an address") {
                try await gateway.read("Read-Token-Of-b-new").json["target"] == "/own/api/v1/query?query=up"
            }
            try story.directory.replace("hosts/proxy.tenants.svc", "127.0.0.9 STREAM x\n")
            try await eventually("the host has another address") {
                try await gateway.read("Read-Token-Of-b-new").code == 502
            }
            try story.directory.replace("hosts/proxy.tenants.svc", "127.0.0.1 STREAM\n127.0.0.1 STREAM\n")
            try await eventually("the host has the first address again") {
                try await gateway.read("Read-Token-Of-b-new").code == 200
            }
            // A name server that is away takes no address away.
            unlink(story.directory.path("hosts/proxy.tenants.svc"))
            configuration.tenants.append(.sample("c"))
            try await gateway.follow(configuration)
            #expect(try await gateway.read("Read-Token-Of-b-new").code == 200)
        }
        await backend.server.stop()
    }

    @Test func `The script ends with nginx, and lets it finish its requests when the pod ends`() async throws {
        let backend = try await GatewayBackend.start()
        let slow = try await ScriptedServer.start { _, reply in
            try await Task.sleep(for: .seconds(1))
            try await reply.respond(204)
        }
        try await Story.tell { story in
            var configuration = backend.configuration()
            configuration.routes.writeURL = slow.url
            let gateway = try await RunningGateway.start(story, configuration)
            let health = try await curl(["http://127.0.0.1:\(gateway.statusPort)/healthz"])
            #expect(health.code == 200)
            #expect(
                try await curl(["http://127.0.0.1:\(gateway.statusPort)/status"]).body.contains("Active connections"))
            let before = slow.requests.count
            async let pending = gateway.write("Write-Token-Of-a-new")
            try await eventually("the request has arrived") { slow.requests.count > before }
            gateway.process.signal(SIGTERM)
            #expect(try await pending.code == 204)
            try await eventually("the script ends") { !gateway.process.isRunning }
            #expect(gateway.process.exitStatus == 0)

            let again = try await RunningGateway.start(story, configuration)
            let pid = try #require(
                Int32(try TemporaryDirectory.read(story.directory.path("work/nginx.pid")).dropLast()))
            kill(pid, SIGKILL)
            try await eventually("the script ends") { !again.process.isRunning }
            #expect(again.process.log.contains("nginx ended with status"))
        }
        await backend.server.stop()
        await slow.stop()
    }

    @Test func `Ten thousand tenants fit, and a change of one changes one part`() async throws {
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            var configuration = backend.configuration()
            configuration.tenants = (0..<10_000).map { .sample("tenant-number-\($0)") }
            let gateway = try await RunningGateway.start(story, configuration)
            #expect(try await gateway.write("Write-Token-Of-tenant-number-9999-old").code == 200)
            let before = gateway.configured(configuration).files()
            #expect(before.problems.isEmpty && before.tenantParts == 64)
            configuration.partsNow = before.tenantParts
            configuration.tenants[17].writeTokens = ["another-token-of-the-17th"]
            let after = gateway.configured(configuration).files()
            let changed = zip(before.files, after.files).filter { $0 != $1 }.map { $0.0.name }
            #expect(changed.count == 2 && changed.contains(GatewayFiles.manifest), "\(changed)")
            try await gateway.follow(configuration)
            #expect(try await gateway.write("another-token-of-the-17th").code == 200)
            #expect(try await gateway.write("Write-Token-Of-tenant-number-17-old").code == 401)
        }
        await backend.server.stop()
    }
}
