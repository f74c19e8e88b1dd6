import Kube
import Planning
import PlanningInput
import TestSupport

/// Measures a real nginx with the files of a gateway: what it adds to a plain proxy, and what thousands of tenants cost.
enum GatewayBenchmark {
    private static let rounds = 5

    static func run(tenants count: Int, _ report: Report) async throws {
        guard let nginx = PlainNginx.path else {
            Progress.say("nginx is not installed: no gateway can be measured")
            return
        }
        try await Children.with { children in
            Progress.say("a gateway in front of \(count) tenants")
            let upstream = try await PlainNginx.upstream(nginx, children).client
            let plain = try await PlainNginx.proxy(nginx, to: upstream.port, children).client
            let url = "http://127.0.0.1:\(upstream.port)"
            let proxy = try await LabelProxyProcess.start(
                try GatewayFleet(tenants: 1, url: url, isolatesReads: false), children)

            func gateway(_ count: Int) async throws -> (GatewayFleet, GatewayProcess) {
                let fleet = try GatewayFleet(tenants: count, url: url, isolatesReads: proxy == nil)
                let hosts = proxy?.address ?? "127.0.0.1"
                return (fleet, try await GatewayProcess(nginx, fleet, children, hosts: hosts))
            }
            let (_, one) = try await gateway(1)
            let (fleet, many) = try await gateway(count)
            try GatewayWrites(plain: plain, few: one.client, many: many.client, tenants: count).run(report)
            try await size(fleet, many, proxy, report)
        }
    }

    /// Measures what the number of tenants costs.
    private static func size(
        _ fleet: GatewayFleet, _ gateway: GatewayProcess, _ proxy: LabelProxyProcess?, _ report: Report
    ) async throws {
        let of = "gateway of \(fleet.count) tenants"
        let files = GatewayFleet.files(fleet.plan()).map(\.bytes.count)
        let secrets = GatewayFleet.secrets(fleet.plan()).count
        report.set("\(of), files", .local, megabytes: Double(files.reduce(0, +)) / 1_000_000)
        report.set("\(of), Secrets", .local, count: Double(secrets))

        var (checks, reloads) = (Samples(), Samples())
        var fleet = fleet
        for round in 0..<rounds {
            checks.add(try await gateway.check())
            let token = GatewayFleet.token(fleet.count + round, .write)
            fleet.give(0, .write, token)
            reloads.add(try await gateway.follow(fleet, token: token))
        }
        report.set("\(of), nginx -t, median", .local, checks.median)
        report.set("\(of), mounted files → first request with them, median", .local, reloads.median)

        let before = proxy?.memory
        let number = min(fleet.count, 1000)
        _ = try gateway.client.send(number, connections: 8, expecting: 200) { number in
            LoopbackClient.get(
                "\(GatewayNames.readPath)/api/v1/query?query=up",
                ["Authorization: Bearer \(GatewayFleet.token(number, .read))"])
        }
        report.set("\(of), memory of nginx after reads of \(number) tenants", .local, megabytes: gateway.memory)
        guard let proxy, let before else { return }
        report.set("shared read proxy, memory before any read", .local, megabytes: before)
        report.set("shared read proxy, memory after reads of \(number) tenants", .local, megabytes: proxy.memory)
    }
}
