import Kube
import Testing

@testable import TributaryAPI

@Suite struct `Bad objects` {
    @Test(arguments: BadObject.breakingRules) func `An object that violates a rule is refused without an API server`(
        bad: BadObject
    )
        throws
    {
        let object = try object(bad.yaml)
        let kind = try #require(TributaryAPI.kind(of: object))
        #expect(kind.schema.validate(object.json) == [], "only the rule should be broken")
        let problems = kind.problems(in: object)
        #expect(problems.map { "\($0.path)" } == [bad.fieldOffline])
        #expect(problems.first?.problem.contains(bad.problem) == true, "\(problems)")
    }

    @Test(arguments: BadObject.notFitting) func `An object that violates the schema is refused without an API server`(
        bad: BadObject
    ) throws {
        let object = try object(bad.yaml)
        let kind = try #require(TributaryAPI.kind(of: object))
        let problems = kind.problems(in: object)
        #expect(problems.map { "\($0.path)" } == [bad.field])
        // The schema reports errors as the API server does; users read them in the style of Tributary.
        let found = kind.schema.validate(object.json)
        #expect(found.first?.problem.contains(bad.problem) == true, "\(found)")
        #expect(problems.first?.problem.contains("in body") == false, "\(problems)")
    }

    @Test func `Every rule has a bad object that violates it`() throws {
        var provoked: Set<String> = []
        for bad in BadObject.breakingRules {
            let object = try object(bad.yaml)
            provoked.formUnion(try #require(TributaryAPI.kind(of: object)).problems(in: object).map(\.problem))
        }
        var rules: Set<String> = []
        for kind in TributaryAPI.kinds {
            Schemas.walk(kind.schema, "") { _, schema in rules.formUnion(schema.rules.compactMap(\.message)) }
        }
        // It compares with the previous object, so only an API server evaluates it.
        rules.remove(Tenant.immutableID.message ?? "")
        #expect(rules.filter { rule in !provoked.contains { $0.hasSuffix(rule) } }.sorted() == [])
    }

    @Test func `An unknown field is reported with its path`() throws {
        let tenant = try object(
            "{apiVersion: tributary.dev/v1alpha1, kind: Tenant, metadata: {name: t}, spec: {globalViewRef: {name: main}, hashRing: a}}"
        )
        #expect(Tenant.unknownFields(in: tenant) == [FieldPath("spec.hashRing")])
        #expect(
            Tenant.unknownFieldWarnings(in: tenant).map(\.description) == [
                "spec.hashRing: is not a field of a Tenant, and is ignored. Did you mean \"hashring\"?"
            ])
    }
}

@Suite struct Decoding {
    @Test func `A Tenant without an id has its name as id`() throws {
        let tenant = try Tenant(
            try object(
                """
                {apiVersion: tributary.dev/v1alpha1, kind: Tenant, metadata: {name: tenant-a, namespace: observability},
                spec: {globalViewRef: {name: main}}}
                """))
        #expect(tenant.id == "tenant-a")
        #expect(tenant.globalViewKey == ObjectKey(namespace: "observability", name: "main"))
        #expect(tenant.validate() == [])
    }

    @Test func `An object whose status cannot be decoded is decoded without it`() throws {
        let tenant = try Tenant(
            try object(
                """
                {apiVersion: tributary.dev/v1alpha1, kind: Tenant, metadata: {name: t},
                spec: {globalViewRef: {name: main}}, status: {conditions: none}}
                """))
        #expect(tenant.status == nil)
    }

    @Test func `A specification that cannot be decoded names the field`() throws {
        let bad = try object(
            "{apiVersion: tributary.dev/v1alpha1, kind: Tenant, metadata: {name: t}, spec: {globalViewRef: main}}")
        let error = #expect(throws: FieldError.self) { try Tenant(bad) }
        #expect(error?.description == "spec.globalViewRef: \"main\" should be an object")
    }

    @Test func `The defaults of a global view depend on its kind`() throws {
        func view(_ spec: String) throws -> GlobalView {
            try GlobalView(
                try object(
                    "{apiVersion: tributary.dev/v1alpha1, kind: GlobalView, metadata: {name: main}, spec: {\(spec)}}"))
        }
        let thanos = try view("thanos: {version: 0.39.2}")
        #expect((thanos.kindName, thanos.tenantLabel) == ("thanos", "tenant_id"))
        #expect(thanos.thanosImage == "quay.io/thanos/thanos:v0.39.2")
        #expect(thanos.hashringConfigMapName == "main-hashrings")
        let prometheus = try view("prometheus: {}")
        #expect((prometheus.kindName, prometheus.tenantLabel) == ("prometheus", "tenant"))
        #expect(prometheus.prometheusImage == "quay.io/prometheus/prometheus:v3.5.0")
        #expect(try view("external: {writeURL: 'https://a'}").kindName == "external")
    }
}
