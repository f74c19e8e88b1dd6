import Kube
import TestSupport
import Testing

extension WallsOnThanosStory {
    static func write(_ walls: inout Walls) async throws {
        let own = try walls.writeToken("tenant-a")
        let basic = Base64.encode("tenant-a:\(own)".utf8)
        #expect(try await walls.write("probe_right", [:], own.bearer) == 200)
        #expect(try await walls.write("probe_basic", [:], "Authorization: Basic \(basic)") == 200)
        #expect(try await walls.write("probe_other", [:], try walls.writeToken("tenant-b").bearer) == 200)
        let refused: [(String, Int)] = [
            ("X-None: x", 401), ("\(own)x".bearer, 401), (String(own.dropLast()).bearer, 401),
            (own.swappingCase.bearer, 401), (own.lowercased().bearer, 401), ("Authorization: Bearer a", 401),
            ("Authorization: Basic \(Base64.encode("tenant-b:\(own)".utf8))", 401),
            ("Authorization: Basic \(basic.swappingCase)", 401), (try walls.readToken("tenant-a").bearer, 403),
            (try walls.readToken("tenant-b").bearer, 403),
        ]
        for (header, status) in refused {
            #expect(try await walls.write("probe_refused", [:], header, "THANOS-TENANT: a") == status, "\(header)")
        }
        let forged = [
            "THANOS-TENANT: b", "thanos-tenant: b", "Thanos-Tenant: a\r\nTHANOS-TENANT: b", "X-Scope-OrgID: b",
            "X-Tributary-Tenants: b", "THANOS_TENANT: b", "X-Tributary-Service: b", "Connection: THANOS-TENANT",
        ]
        for (index, header) in forged.enumerated() {
            #expect(try await walls.write("probe_forged_\(index)", [:], header, own.bearer) == 200, "\(header)")
        }
        for (index, labels) in [
            ["tenant_id": "b"], ["tenant_id": "b", "note": "by-a"], ["Tenant_id": "b", "THANOS-TENANT": "b"],
            ["tenant_id": ""], ["tenant_id": "b", "receive": "true", "replica": "x"],
            ["thanos_tenant": "b", "__tenant_id__": "b"],
        ].enumerated() {
            let status = try await walls.write("probe_hostile_\(index)", labels, "THANOS-TENANT: b", own.bearer)
            #expect([200, 400, 409].contains(status), "\(labels): \(status)")
        }
        let all = try all(walls)
        let probes = "{__name__=~\"probe_.*\"}"
        try await eventually("all writes arrive") { try await all.query(probes).count >= forged.count + 7 }
        for series in try await all.query(probes) {
            let name = series.labels["__name__"] ?? ""
            #expect(series.labels["tenant_id"] == (name == "probe_other" ? "b" : "a"), "\(series.labels)")
            #expect(name != "probe_refused")
        }
    }
}
