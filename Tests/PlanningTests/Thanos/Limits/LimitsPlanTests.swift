import Hashring
import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Limits files")
struct LimitsPlanTests {
    private static func thanos(_ limits: String) -> String {
        Samples.thanos.replacing("replicationFactor: 2", with: "replicationFactor: 2\n    limits: {\(limits)}")
    }

    private static func scene(_ limits: String? = nil, _ tenants: String...) throws -> Scene {
        var scene = try HashringPlanTests.scene(limits.map(thanos) ?? Samples.thanos)
        for tenant in tenants { try scene.add(tenant) }
        return scene
    }

    private static func text(_ plan: Plan) throws -> String {
        let file = try plan.object("ConfigMap", "main-receive-limits").json["data", "limits.yaml"]?.string
        return try #require(file)
    }

    @Test func `The limits file exists only if something is limited`() throws {
        let none = try Self.scene().plan()
        #expect(none.names == ["ConfigMap main-hashrings"])
        let plan = try Self.scene(
            nil,
            Samples.tenant("b", "{limits: {requests: {seriesLimit: 5000, samplesLimit: 50000, sizeBytesLimit: 4Mi}}}"),
            Samples.tenant("a", "{id: '7', hashring: hashring-0, limits: {requests: {seriesLimit: 0}}}"),
            // The tenant has no limits, and an empty entry would make receivers panic.
            Samples.tenant("c", "{limits: {requests: {}}}")
        ).plan()
        #expect(
            try Self.text(plan)
                == """
                write:
                  tenants:
                    "7":
                      request:
                        series_limit: 0
                    b:
                      request:
                        size_bytes_limit: 4194304
                        series_limit: 5000
                        samples_limit: 50000

                """)
        #expect(plan.messages == [])
    }

    @Test func `The limits file contains the limits for all tenants`() throws {
        let plan = try Self.scene(
            """
            default: {requests: {seriesLimit: 1000, sizeBytesLimit: 1500m}, headSeriesLimit: 100000},
            global: {maxConcurrency: 30, metaMonitoringURL: 'http://prometheus:9090', metaMonitoringLimitQuery: up}
            """, Samples.tenant("a", "{limits: {headSeriesLimit: 7}}")
        ).plan()
        #expect(
            try YAMLText.parse(Self.text(plan)) == [
                "write": [
                    "global": [
                        "max_concurrency": 30, "meta_monitoring_url": "http://prometheus:9090",
                        "meta_monitoring_limit_query": "up",
                    ],
                    // One and a half bytes become two: Thanos would make one of them.
                    "default": [
                        "request": ["series_limit": 1000, "size_bytes_limit": 2], "head_series_limit": 100000,
                    ],
                    "tenants": ["a": ["head_series_limit": 7]],
                ]
            ])
        #expect(plan.messages == [])
    }

    @Test func `Without a meta-monitoring URL head series are not limited, and the tenant gets a warning`() throws {
        let scene = try Self.scene(
            nil, Samples.tenant("a", "{limits: {headSeriesLimit: 7, requests: {seriesLimit: 5}}}"))
        #expect(try YAMLText.parse(Self.text(scene.plan()))["write", "tenants", "a", "head_series_limit"] == nil)
        let plan = scene.plan(tenant: "a")
        #expect(
            plan.messages == [
                "warning: Tenant observability/a: spec.limits.headSeriesLimit: has no effect: GlobalView \"main\" does "
                    + "not set spec.thanos.limits.global.metaMonitoringURL, which receivers query for the "
                    + "number of a tenant's series"
            ])
    }

    @Test func `Routers count head series from their start, so that the first limit needs no restart`() throws {
        var scene = try Self.scene("global: {metaMonitoringURL: 'http://prometheus:9090'}")
        let plan = scene.plan()
        #expect(try YAMLText.parse(Self.text(plan))["write", "tenants"] == ["default-tenant": [:]])
        try scene.publish(plan)
        try scene.add(Samples.tenant("a", "{limits: {headSeriesLimit: 7}}"))
        let limited = scene.plan()
        #expect(try YAMLText.parse(Self.text(limited))["write", "tenants"] == ["a": ["head_series_limit": 7]])
        #expect(limited.messages == [])
    }

    @Test func `A meta-monitoring URL that is added while routers run results in a warning to restart them`() throws {
        var scene = try Self.scene("default: {requests: {seriesLimit: 1000}}")
        try scene.publish(scene.plan())
        try scene.add(Self.thanos("global: {metaMonitoringURL: 'http://prometheus:9090'}"))
        let plan = scene.plan()
        #expect(
            plan.messages == [
                "warning: GlobalView observability/main: spec.thanos.limits.global.metaMonitoringURL: routers "
                    + "that were "
                    + "started without it do not count head series until they restart"
            ])
        try scene.publish(plan)
        #expect(scene.plan().messages == [])
    }

    @Test func `Removed limits that routers keep until they restart are overwritten`() throws {
        var scene = try Self.scene(
            "global: {maxConcurrency: 3, metaMonitoringURL: 'http://prometheus:9090', metaMonitoringLimitQuery: up}",
            Samples.tenant("a", "{limits: {headSeriesLimit: 7}}"))
        try scene.publish(scene.plan())
        try scene.add(Samples.thanos)
        let expected: JSON = [
            "write": [
                // Running receivers panic on a file that limits head series and has lost its URL.
                "global": [
                    "max_concurrency": 2_147_483_647, "meta_monitoring_url": "http://prometheus:9090",
                    "meta_monitoring_limit_query": "up",
                ],
                "default": ["head_series_limit": 9_223_372_036_854_775_807],
            ]
        ]
        for _ in 0..<2 {
            let plan = scene.plan()
            #expect(try YAMLText.parse(Self.text(plan)) == expected)
            #expect(plan.diagnostics.filter { $0.severity == .error } == [])
            try scene.publish(plan)
        }
        try scene.add(Self.thanos("global: {maxConcurrency: 5}"))
        #expect(try YAMLText.parse(Self.text(scene.plan()))["write", "global", "max_concurrency"] == 5)
    }

    @Test func `The limits file stays when the last limit is removed, since receivers mount it`() throws {
        var scene = try Self.scene(nil, Samples.tenant("a", "{limits: {requests: {seriesLimit: 5}}}"))
        try scene.publish(scene.plan())
        scene.snapshot.take(.tenant(Scene.key("a"), nil))
        #expect(try Self.text(scene.plan()) == "write: {}\n")
    }

    @Test func `The limits file always exists for receivers that Tributary runs`() throws {
        let scene = try Scene(
            Samples.thanos.replacing(
                "adopt: {selector: {matchLabels: {controller.receive.thanos.io/hashring: hashring-1}}}",
                with: "replicas: 2"))
        #expect(try Self.text(scene.plan()) == "write: {}\n")
    }

    @Test func `The limits file keeps the limits of invalid tenants and of retained deleted ones`() throws {
        let limits = "limits: {requests: {seriesLimit: 5}}"
        var scene = try Self.scene(
            nil, Samples.tenant("wrong", "{\(limits)}"), Samples.tenant("kept", "{\(limits), deletionPolicy: Retain}"),
            Samples.tenant("gone", "{\(limits)}"))
        try scene.publish(scene.plan())
        try scene.add(Samples.tenant("wrong", "{hashring: no-such-ring, limits: {requests: {seriesLimit: 6}}}"))
        for name in ["kept", "gone"] { scene.snapshot.take(.tenant(Scene.key(name), nil)) }
        for _ in 0..<2 {
            let plan = scene.plan()
            let tenants = try YAMLText.parse(Self.text(plan))["write", "tenants"]
            #expect(
                tenants == ["kept": ["request": ["series_limit": 5]], "wrong": ["request": ["series_limit": 5]]])
            #expect(
                try plan.object("ConfigMap", "main-receive-limits").annotations == [
                    "tributary.dev/retained-tenants": "kept"
                ])
            try scene.publish(plan)
        }
        try scene.add(Samples.tenant("kept"))
        #expect(try YAMLText.parse(Self.text(scene.plan()))["write", "tenants", "kept"] == nil)
    }

    @Test func `A limits file that Thanos would refuse is not published, and the previous one stays`() throws {
        var scene = try Self.scene("global: {metaMonitoringURL: 'http://prometheus:9090'}")
        try scene.publish(scene.plan())
        let good = try Self.text(scene.plan())
        try scene.add(Self.thanos("global: {metaMonitoringURL: 'http://prometheus:port'}"))
        let plan = scene.plan()
        #expect(try Self.text(plan) == good)
        #expect(
            plan.messages == [
                "error: GlobalView observability/main: spec.thanos.limits: write.global.meta_monitoring_url: "
                    + "has a port "
                    + "that is not a number: receivers refuse the file; write it as http://host:port"
            ])
        #expect(try plan.readiness(of: "main") == "False LimitsInvalid")
        #expect(try plan.hashringNames().count == 3)
    }

    @Test func `A limits file with an environment variable is not published`() throws {
        let scene = try Self.scene("global: {metaMonitoringURL: 'http://$(HOST):9090'}")
        let plan = scene.plan()
        #expect(plan.names == ["ConfigMap main-hashrings"])
        #expect(plan.diagnostics.map(\.reason) == ["LimitsInvalid"])
        #expect(plan.messages.first?.contains("$(HOST) is not set: receivers refuse the file") == true)
    }

    @Test func `A published limits file can be read back`() throws {
        let scene = try Self.scene(nil, Samples.tenant("a", "{limits: {requests: {sizeBytesLimit: 9E}}}"))
        let object = try scene.plan().object("ConfigMap", "main-receive-limits")
        let published = try #require(PublishedLimits(object))
        #expect(published.file?.tenants["a"]?.requestBytes == 9_000_000_000_000_000_000)
        #expect(published.file?.encoded() == published.text)
    }
}
