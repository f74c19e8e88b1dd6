import PlanningInput
import TestSupport

/// Compares writes through a gateway with writes through a plain proxy, which forward to the same server.
///
/// The servers take turns, so that other load on the machine concerns all of them.
struct GatewayWrites {
    private static let rounds = 10
    /// The writes of one turn: one after the other, and several at a time.
    private static let single = 200
    private static let several = 1000
    private static let connections = 8

    let plain: LoopbackClient
    let few: LoopbackClient
    let many: LoopbackClient
    let tenants: Int

    /// One server, and what it has answered.
    private struct Turns {
        var name: String
        var client: LoopbackClient
        /// Requests of different tenants.
        var requests: [[UInt8]]
        var latencies = Samples()
        var busy = Duration.zero

        var perSecond: Double { Double(rounds * several) / busy.seconds }

        mutating func take() throws {
            let one = try client.send(single, connections: 1, expecting: 204, request)
            for latency in one.values { latencies.add(latency) }
            let began = ContinuousClock.now
            _ = try client.send(several, connections: connections, expecting: 204, request)
            busy += ContinuousClock.now - began
        }

        private func request(_ number: Int) -> [UInt8] { requests[number % requests.count] }
    }

    func run(_ report: Report) throws {
        let body = [UInt8](repeating: 0x5A, count: 50_000)
        func ofTenants(_ count: Int) -> [[UInt8]] {
            (0..<min(count, 100)).map { number in
                // They are all over the configuration.
                let token = GatewayFleet.token(number * count / min(count, 100), .write)
                return LoopbackClient.post(GatewayNames.writePath, ["Authorization: Bearer \(token)"], body: body)
            }
        }
        var all = [
            Turns(name: "plain nginx", client: plain, requests: [LoopbackClient.post("/write", body: body)]),
            Turns(name: "gateway of 1 tenant", client: few, requests: ofTenants(1)),
            Turns(name: "gateway of \(tenants) tenants", client: many, requests: ofTenants(tenants)),
        ]
        for _ in 0..<Self.rounds {
            for index in all.indices { try all[index].take() }
        }
        for turns in all {
            report.set("\(turns.name), writes of 50 kB, median", .local, turns.latencies.median)
            report.set("\(turns.name), writes of 50 kB, in a second", .local, count: turns.perSecond)
        }
        for turns in all.dropFirst() {
            report.set(
                "\(turns.name), median latency in that of plain nginx", .local,
                ratio: turns.latencies.median / all[0].latencies.median, atMost: 2)
            report.set(
                "\(turns.name), writes in a second in those of plain nginx", .local,
                ratio: turns.perSecond / all[0].perSecond, atLeast: 0.5)
        }
    }
}
