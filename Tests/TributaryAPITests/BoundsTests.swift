import Kube
import Testing

@testable import TributaryAPI

@Suite struct `Objects from an API server with another definition` {
    /// An object that decodes, although the schema refuses it.
    struct Stored: Sendable, CustomTestStringConvertible {
        var kind: String
        var spec: String
        var problem: String
        var testDescription: String { problem }

        init(_ kind: String, _ spec: String, _ problem: String) {
            self.kind = kind
            self.spec = spec
            self.problem = problem
        }

        static let all = [
            Stored(
                "PrometheusAgent", "tenantRef: {name: t}, replicas: 9223372036854775807",
                "spec.replicas: found 9223372036854775807, should be at most 10"),
            Stored(
                "PrometheusAgent", "tenantRef: {name: t}, shards: -1", "spec.shards: found -1, should be at least 1"),
            Stored(
                "PrometheusAgent", "tenantRef: {name: t}, maximumStartupDurationSeconds: 9223372036854775807",
                "spec.maximumStartupDurationSeconds: found 9223372036854775807, should be at most 2147483647"),
            Stored(
                "PrometheusAgent", "tenantRef: {name: t}, drainTimeout: 300y",
                "spec.drainTimeout: found \"300y\", should be a duration of at most 292y"),
            Stored(
                "PrometheusAgent",
                "remoteWrite: [{url: 'https://a', queueConfig: {maxBackoff: 9223372036854775807s1ms}}]",
                "spec.remoteWrite[0].queueConfig.maxBackoff: found \"9223372036854775807s1ms\", "
                    + "should be a duration of at most 292y"),
            Stored(
                "GlobalView", "thanos: {hashrings: [{name: a, replicas: 3, membership: {maxStep: -1}}]}",
                "spec.thanos.hashrings[0].membership.maxStep: found -1, should be at least 1"),
            Stored(
                "GlobalView", "thanos: {hashrings: [{name: a, replicas: 3, port: 65536}]}",
                "spec.thanos.hashrings[0].port: found 65536, should be at most 65535"),
            Stored(
                "GlobalView", "prometheus: {retention: 99999999999999999999d}",
                "spec.prometheus.retention: found \"99999999999999999999d\", should be a duration of at most 292y"),
            Stored(
                "Tenant", "globalViewRef: {name: main}, shuffleShardSize: 9223372036854775807",
                "spec.shuffleShardSize: found 9223372036854775807, should be at most 1000"),
            Stored(
                "Tenant", "globalViewRef: {name: main}, limits: {headSeriesLimit: -1}",
                "spec.limits.headSeriesLimit: found -1, should be at least 0"),
        ]
    }

    private func object(_ kind: String, _ spec: String) throws -> Object {
        try TributaryAPITests.object(
            "{apiVersion: tributary.dev/v1alpha1, kind: \(kind), metadata: {name: a, namespace: b}, spec: {\(spec)}}")
    }

    @Test(arguments: Stored.all) func `A number or duration that is out of bounds is refused with its field`(
        stored: Stored
    ) throws {
        let object = try object(stored.kind, stored.spec)
        let kind = try #require(TributaryAPI.kind(of: object))
        #expect(try problems(object, of: kind) == [stored.problem])
    }

    private func problems<T: CustomResource>(_ object: Object, of kind: T.Type) throws -> [String] {
        try T(object).validate().map(\.description)
    }

    @Test(arguments: Schemas.kinds) func `Every duration field refuses a duration that Prometheus cannot read`(
        kind: String
    ) throws {
        let schema = try Schemas.schema(of: kind)
        let samples = Self.samples(schema, FieldPath())
        #expect(!samples.isEmpty)
        for (path, json) in samples {
            let found = schema.findOutOfBounds(json, at: FieldPath())
            #expect(found.map(\.path) == [path])
        }
    }

    /// For each field with a duration, an object that holds only that field.
    private static func samples(_ schema: Schema, _ path: FieldPath) -> [(path: FieldPath, json: JSON)] {
        if schema.pattern == DurationText.pattern { return [(path, "293y")] }
        if let items = schema.items { return samples(items, path.appending(0)).map { ($0, .array([$1])) } }
        return schema.properties.flatMap { name, property in
            samples(property, path.appending(name)).map { ($0, .object([name: $1])) }
        }
    }

    @Test func `Durations are read as Prometheus reads them`() {
        #expect(DurationText.milliseconds("1h30m") == 5_400_000)
        #expect(DurationText.milliseconds("0") == 0)
        #expect(DurationText.milliseconds("292y") == 9_208_512_000_000)
        for text in ["", "15", "1m1h", "s", "293y", "1m1m", "9223372036854775807ms"] {
            #expect(DurationText.milliseconds(text) == nil, "\(text)")
        }
    }

    @Test func `The status of an agent can be computed from any number of replicas and shards`() throws {
        let most = "9223372036854775807"
        let agent = try PrometheusAgent(try object("PrometheusAgent", "replicas: \(most), shards: \(most)"))
        #expect((agent.replicas, agent.shards) == (10, 100))
        let least = try PrometheusAgent(try object("PrometheusAgent", "replicas: -1, shards: -1"))
        #expect((least.replicas, least.shards) == (0, 1))
    }

    @Test func `A selector with an unknown operator is refused with its field`() throws {
        let object = try object(
            "PrometheusAgent",
            "tenantRef: {name: t}, podMonitorSelector: {matchExpressions: [{key: a, operator: Equals, values: [b]}]}")
        let field = "spec.podMonitorSelector.matchExpressions[0].operator"
        #expect(
            PrometheusAgent.problems(in: object).map(\.description) == [
                "\(field): found \"Equals\", should be one of \"In\", \"NotIn\", \"Exists\", \"DoesNotExist\""
            ])
        let error = #expect(throws: FieldError.self) { try PrometheusAgent(object) }
        #expect(error?.path.description == field)
    }
}
