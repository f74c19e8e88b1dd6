import Kube
import TestSupport
import Testing

extension WallsOnThanosStory {
    /// An agent and a writer go on while credentials change. The writer gets a credential when agents do.
    static func rotate(_ walls: inout Walls) async throws {
        let first = try walls.writeToken("tenant-a")
        let firstRead = try walls.readToken("tenant-a")
        let copy = try #require(walls.copy(beside: "agent-a"))
        let token = Locked(try walls.value(of: copy))
        let written = Locked(0)
        func use(_ walls: Walls) async throws {
            let next = try walls.value(of: copy)
            token.withLock { $0 = next }
            let before = written.withLock { $0 }
            try await eventually("some writes come before the gateway has the change") {
                written.withLock { $0 } >= before + 20
            }
        }
        let stopped = Locked(false)
        let url = try walls.url("/tenants/write")
        let story = walls.story
        let counts = try await withThrowingTaskGroup(of: [Int: Int].self) { group in
            for number in 0..<2 {
                group.addTask {
                    var counts: [Int: Int] = [:]
                    while !stopped.withLock({ $0 }) {
                        let series = [["__name__": "loaded", "number": "\(number)"]]
                        let header = token.withLock { $0 }.bearer
                        let code = try await RemoteWriter.write(series, to: url, headers: [header], story).code
                        counts[code, default: 0] += 1
                        written.withLock { $0 += 1 }
                    }
                    return counts
                }
            }
            for round in 1...3 {
                // The kubelet of an agent may be faster than that of the gateway.
                try await walls.rotate("tenant-a", mark: "\(round)", between: use)
                // Long enough for every kubelet.
                try await walls.change(after: .seconds(600), between: use)
                #expect(try walls.value(of: copy) == walls.writeToken("tenant-a"))
            }
            stopped.withLock { $0 = true }
            var counts: [Int: Int] = [:]
            for try await part in group { counts.merge(part, uniquingKeysWith: +) }
            return counts
        }
        #expect(counts.keys.sorted() == [200] && counts[200] ?? 0 >= 30, "\(counts)")
        let failures = story.log(of: "agent-a-agent-0").split(separator: "\n").filter { $0.contains("non-recoverable") }
        #expect(failures == [])

        // The two newest are accepted, and after the overlap the newest alone.
        let (old, oldRead) = (
            try walls.value("former-token", of: "tenant-a-write-credential"),
            try walls.value("former-token", of: "tenant-a-read-credential")
        )
        #expect(try await walls.write("probe_old", [:], old.bearer) == 200)
        #expect(try await walls.read(oldRead.bearer) == 200)
        #expect(try await walls.write("probe_first", [:], first.bearer) == 401)
        #expect(try await walls.read(firstRead.bearer) == 401)
        try await walls.change(after: .seconds(90_000))
        #expect(try await walls.write("probe_expired", [:], old.bearer) == 401)
        #expect(try await walls.read(oldRead.bearer) == 401)
        #expect(try await walls.write("probe_newest", [:], try walls.writeToken("tenant-a").bearer) == 200)
        #expect(try await walls.read(try walls.readToken("tenant-a").bearer) == 200)
    }

    /// Writes are refused at once, then reads.
    static func bringOff(_ walls: inout Walls) async throws {
        let (write, read) = (try walls.writeToken("tenant-b"), try walls.readToken("tenant-b"))
        #expect(try await walls.write("probe_before", [:], write.bearer) == 200)
        try await walls.change {
            $0.change("Tenant", "tenant-b") { $0["spec", "offboarding"] = ["readsFor": "1h"] }
        }
        #expect(walls.copy(beside: "agent-b") == nil && walls.copy(beside: "agent-a") != nil)
        #expect(try await walls.write("probe_leaving", [:], write.bearer) == 403)
        #expect(try await walls.ids("shared", "tenant_id", read) == ["b"])
        #expect(try await walls.write("probe_others", [:], try walls.writeToken("tenant-a").bearer) == 200)
        try await walls.change(after: .seconds(3601))
        #expect(try await walls.write("probe_left", [:], write.bearer) == 401)
        #expect(try await walls.read(read.bearer) == 401)
        #expect(try await walls.read(try walls.readToken("tenant-a").bearer) == 200)
    }
}
