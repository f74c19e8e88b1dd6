import Kube
import TestSupport
import Testing

extension WallsOnThanosStory {
    static func read(_ walls: Walls) async throws {
        let (a, b) = (try walls.readToken("tenant-a"), try walls.readToken("tenant-b"))
        let label = "tenant_id"
        #expect(try await walls.ids("shared", label, a) == ["a"])
        #expect(try await walls.ids("shared", label, b) == ["b"])
        #expect(try await walls.ids("{by=~\".+\"}", label, b) == ["b"], "what a labels as b's stays a's")
        #expect(try await walls.ids("{__name__=~\"probe_hostile.*\"}", label, b) == [])
        #expect(try await walls.ids("{__name__=~\"probe_hostile.*\"}", label, a) == ["a"])
        for (header, status) in [
            ("X-None: x", 401), (a.swappingCase.bearer, 401), ("\(a)x".bearer, 401),
            (try walls.writeToken("tenant-a").bearer, 403),
        ] {
            #expect(try await walls.read(header, "THANOS-TENANT: a", "X-Tributary-Tenants: a") == status, "\(header)")
        }
        for header in [
            "THANOS-TENANT: b", "X-Tributary-Tenants: b", "X-Tributary-Tenants: a,b", "x-tributary-tenants: b",
            "X_Tributary_Tenants: b", "THANOS_TENANT: b", "X-Scope-OrgID: b",
            "Connection: X-Tributary-Tenants, THANOS-TENANT",
        ] {
            #expect(try await walls.ids("shared", label, a, header) == ["a"], "\(header)")
            #expect(try await walls.ids("shared", label, try walls.readToken("tenant-c"), header) == ["a"], "\(header)")
        }
        #expect(ReadAttempt.all.count >= 160)
        var found = try await walls.leaks(label, a)
        #expect(found == [])
        found = try await walls.leaks(label, try walls.readToken("tenant-c"))
        #expect(found == [], "c also sees a")
        #expect(try await walls.leaks(label, a, under: "") == [], "without the path of the gateway")
        let shown = try await walls.leaks(label, b)
        #expect(shown.count >= 30, "b sees its own in \(shown.count) ways")

        // What a tenant also sees are exactly those that are named.
        let c = try walls.readToken("tenant-c")
        #expect(try await walls.write("shared", ["note": "only-c"], try walls.writeToken("tenant-c").bearer) == 200)
        try await eventually("c sees its own and those of a") {
            try await walls.ids("shared", label, c) == ["a", "c"]
        }
        #expect(try await walls.ids("shared", label, a) == ["a"])
    }

    /// The same with a read proxy for each tenant behind the gateway.
    static func readAlone(_ walls: inout Walls) async throws {
        try await walls.change { $0.change("GlobalView") { $0["spec", "readProxy"] = ["mode": "PerTenant"] } }
        #expect(walls.diagnostics == [])
        for id in ["a", "b", "c"] {
            let proxy = try walls.pod("Deployment", "tenant-\(id)-read")
            try await walls.start(proxy, InstalledPrograms.promLabelProxy, ready: [(8080, "/healthz")])
        }
        try await walls.change()
        for (id, seen) in [("a", ["a"]), ("b", ["b"]), ("c", ["a", "c"])] {
            let token = try walls.readToken("tenant-\(id)")
            try await eventually("\(id) reads through its own proxy") {
                try await walls.ids("shared", "tenant_id", token) == seen
            }
            for header in ["THANOS-TENANT: b", "X-Tributary-Tenants: b", "X-Scope-OrgID: b"] {
                #expect(try await walls.ids("shared", "tenant_id", token, header) == seen, "\(header)")
            }
        }
        let found = try await walls.leaks("tenant_id", try walls.readToken("tenant-a"))
        #expect(found == [])
        try await walls.change { $0.change("GlobalView") { $0["spec", "readProxy"] = nil } }
        #expect(try await walls.ids("shared", "tenant_id", try walls.readToken("tenant-c")) == ["a", "c"])
    }
}
