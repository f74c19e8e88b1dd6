import Kube
import Testing
import YAML

@testable import LocalCluster

/// An object that managers apply and update in turn, by the rules of the server.
struct AppliedObject {
    let type: ResourceType
    var live: Object?
    /// The time, which advances by one second with every write.
    private var seconds: Int64 = 0

    init(_ type: ResourceType) { self.type = type }

    init(_ resource: Resource) throws { type = try #require(Registry().lookup(resource)) }

    @discardableResult
    mutating func apply(
        _ yaml: String, by manager: String, force: Bool = false, subresource: String? = nil
    ) throws -> Object {
        let call = ServerSideApply(
            type: type, manager: manager, subresource: subresource ?? "", force: force, now: tick())
        let result = try call.apply(Object(json(yaml)), to: live)
        live = result
        return result
    }

    @discardableResult
    mutating func write(_ yaml: String, by manager: String, subresource: String? = nil) throws -> Object {
        var object = type.defaulted(Object(try json(yaml)))
        if let live, object.json["metadata", "managedFields"] == nil {
            object.json["metadata", "managedFields"] = live.json["metadata", "managedFields"]
        }
        let result = ManagedFields.update(
            old: live, new: object, type: type, manager: manager, subresource: subresource ?? "", now: tick())
        live = result
        return result
    }

    /// The fields of a manager, as `kubectl get --show-managed-fields -o json` prints them.
    func fields(of manager: String) -> String? {
        entry(manager)?["fieldsV1"].map { $0.description }
    }

    func entry(_ manager: String) -> JSON? {
        (live?.json["metadata", "managedFields"]?.array ?? []).first { $0["manager"]?.string == manager }
    }

    private func json(_ yaml: String) throws -> JSON {
        var json = try #require(try YAML.parse(yaml).first).value
        json["apiVersion"] = .string(type.resource.apiVersion)
        json["kind"] = .string(type.resource.kind)
        json["metadata", "name"] = "x"
        return json
    }

    private mutating func tick() -> Timestamp {
        seconds += 1
        return Timestamp(seconds: seconds)
    }
}

// The expected values are the answers of kube-apiserver 1.36 to the same requests.
@Suite("Server-side apply") struct ServerSideApplyTests {
    @Test func `A manager owns the fields that it applied, list elements by their keys`() throws {
        var deployment = try AppliedObject(.deployments)
        try deployment.apply(Self.deployment, by: "m1")
        #expect(
            deployment.fields(of: "m1") == #"""
                {"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"a\"}":{".":{},"f:env":{"k:{\"name\":\"E\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}},"f:resources":{"f:limits":{"f:cpu":{}}},"f:securityContext":{"f:runAsNonRoot":{}}}},"f:volumes":{"k:{\"name\":\"v\"}":{".":{},"f:emptyDir":{},"f:name":{}}}}}}}
                """#)
        #expect(deployment.live?.json["spec", "strategy", "type"] == "RollingUpdate")
    }

    @Test func `Applying the same object again changes nothing, not even a time`() throws {
        var deployment = try AppliedObject(.deployments)
        let first = try deployment.apply(Self.deployment, by: "m1")
        let again = try deployment.apply(Self.deployment, by: "m1")
        #expect(again == first)
    }

    @Test func `A second manager that applies the same values shares the fields, without a time`() throws {
        var deployment = try AppliedObject(.deployments)
        try deployment.apply(Self.deployment, by: "m1")
        try deployment.apply(Self.deployment, by: "m2")
        #expect(deployment.fields(of: "m2") == deployment.fields(of: "m1"))
        #expect(deployment.entry("m2")?["time"] == nil)
        #expect(deployment.entry("m1")?["time"] == "1970-01-01T00:00:01Z")
    }

    @Test func `Another value for a field that another manager applied is a conflict`() throws {
        var config = try AppliedObject(.configMaps)
        try config.apply("data: {x: '1', w: '1'}", by: "m1")
        let error = try #require(throws: APIStatus.self) { try config.apply("data: {x: '2', w: '1'}", by: "m2") }
        #expect(error.code == 409)
        #expect(error.message == #"Apply failed with 1 conflict: conflict with "m1": .data.x"#)
        #expect(
            error.details?["causes"]?[0] == [
                "reason": "FieldManagerConflict", "message": "conflict with \"m1\"", "field": ".data.x",
            ])
        #expect(config.live?.json["data", "x"] == "1")
    }

    @Test func `An error with several conflicts lists them by manager`() throws {
        var deployment = try AppliedObject(.deployments)
        try deployment.apply(Self.deployment, by: "m1")
        try deployment.apply(Self.deployment, by: "m2")
        let other = Self.deployment.replacing("replicas: 2", with: "replicas: 3").replacing("x:1", with: "x:2")
        let error = try #require(throws: APIStatus.self) { try deployment.apply(other, by: "m3") }
        #expect(
            error.message == """
                Apply failed with 4 conflicts: conflicts with "m1":
                - .spec.replicas
                - .spec.template.spec.containers[name="a"].image
                conflicts with "m2":
                - .spec.replicas
                - .spec.template.spec.containers[name="a"].image
                """)
    }

    @Test func `A conflict with a client that updated names its version and subresource`() throws {
        var deployment = try AppliedObject(.deployments)
        try deployment.apply(Self.deployment, by: "m1")
        let scaled = Self.deployment.replacing("replicas: 2", with: "replicas: 5")
        try deployment.write(scaled, by: "kubectl", subresource: "scale")
        #expect(deployment.fields(of: "kubectl") == #"{"f:spec":{"f:replicas":{}}}"#)
        #expect(deployment.fields(of: "m1")?.contains("f:replicas") == false)
        let error = try #require(throws: APIStatus.self) { try deployment.apply(Self.deployment, by: "m1") }
        #expect(
            error.message
                == #"Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas"#
        )
    }

    @Test func `An apply with force takes over the field`() throws {
        var config = try AppliedObject(.configMaps)
        try config.apply("data: {x: '1', w: '1'}", by: "m1")
        try config.apply("data: {x: '2'}", by: "m2", force: true)
        #expect(config.live?.json["data"] == ["x": "2", "w": "1"])
        #expect(config.fields(of: "m1") == #"{"f:data":{"f:w":{}}}"#)
        #expect(config.fields(of: "m2") == #"{"f:data":{"f:x":{}}}"#)
    }

    @Test func `A field that a manager no longer applies is removed, unless another manager owns it`() throws {
        var config = try AppliedObject(.configMaps)
        try config.apply("{metadata: {labels: {a: b}}, data: {x: '1', w: '1'}}", by: "m1")
        try config.apply("data: {x: '1'}", by: "m2")
        try config.apply("data: {z: '1'}", by: "m1")
        #expect(config.live?.json["data"] == ["x": "1", "z": "1"])
        #expect(config.live?.json["metadata", "labels"] == nil)
        #expect(config.entry("m1")?["time"] == "1970-01-01T00:00:03Z")
        #expect(config.entry("m2")?["time"] == nil)
    }

    @Test func `A container that is no longer applied is removed, except for the fields that other managers own`()
        throws
    {
        var deployment = try AppliedObject(.deployments)
        let two = Self.deployment.replacing("containers: [", with: "containers: [{name: b, image: 'b:1'}, ")
        try deployment.apply(two, by: "m1")
        try deployment.apply(
            "spec: {template: {spec: {containers: [{name: b, imagePullPolicy: Never}]}}}", by: "m2", force: true)
        try deployment.apply(Self.deployment, by: "m1")
        let containers = deployment.live?.json["spec", "template", "spec", "containers"]?.array ?? []
        #expect(containers.map { $0["name"]?.string } == ["b", "a"])
        #expect(containers.first?["imagePullPolicy"] == "Never")
        #expect(containers.first?["image"] == nil)
        try deployment.apply(
            "spec: {template: {spec: {terminationGracePeriodSeconds: 30}}}", by: "m2")
        let left = deployment.live?.json["spec", "template", "spec", "containers"]?.array ?? []
        #expect(left.map { $0["name"]?.string } == ["a"])
    }

    @Test func `Atomic lists and maps are replaced and owned as a whole`() throws {
        var service = try AppliedObject(.services)
        try service.apply("spec: {selector: {a: '1', b: '1'}, ports: [{port: 80}]}", by: "m1")
        #expect(
            service.fields(of: "m1")
                == #"{"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:port":{}}},"f:selector":{}}}"#
        )
        try service.apply("spec: {selector: {a: '1'}, ports: [{port: 80}]}", by: "m1")
        #expect(service.live?.json["spec", "selector"] == ["a": "1"])
        #expect(throws: APIStatus.self) { try service.apply("spec: {selector: {c: '1'}}", by: "m2") }
    }

    @Test func `New list elements follow those of other managers, in the applied order`() throws {
        var service = try AppliedObject(.services)
        try service.apply("spec: {ports: [{port: 1}, {port: 2}]}", by: "m1")
        try service.apply("spec: {ports: [{port: 3}, {port: 2}, {port: 4}]}", by: "m2")
        let ports = service.live?.json["spec", "ports"]?.array?.compactMap { $0["port"]?.int }
        #expect(ports == [1, 3, 2, 4])
    }

    @Test func `The creator of an object owns its defaults, too`() throws {
        var service = try AppliedObject(.services)
        try service.write(
            "{metadata: {labels: {app: s1}}, spec: {selector: {app: s1}, ports: [{name: '80', port: 80}]}}",
            by: "kubectl-create")
        #expect(
            service.fields(of: "kubectl-create") == #"""
                {"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:internalTrafficPolicy":{},"f:ports":{".":{},"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:name":{},"f:port":{},"f:protocol":{},"f:targetPort":{}}},"f:selector":{},"f:sessionAffinity":{},"f:type":{}}}
                """#)
    }

    @Test func `An update takes over only the changed fields`() throws {
        var config = try AppliedObject(.configMaps)
        try config.apply("data: {x: '1', w: '1'}", by: "m1")
        try config.write("data: {x: '2', w: '1'}", by: "editor")
        #expect(config.fields(of: "m1") == #"{"f:data":{"f:w":{}}}"#)
        #expect(config.fields(of: "editor") == #"{"f:data":{"f:x":{}}}"#)
        let before = config.live
        try config.write("data: {x: '2', w: '1'}", by: "editor")
        #expect(config.live == before)
    }

    @Test func `An empty entry in managedFields removes all managers`() throws {
        var config = try AppliedObject(.configMaps)
        try config.apply("data: {x: '1'}", by: "m1")
        try config.write("{metadata: {managedFields: [{}]}, data: {x: '1'}}", by: "editor")
        #expect(config.live?.json["metadata", "managedFields"] == nil)
        try config.apply("data: {w: '1'}", by: "m2")
        #expect(config.fields(of: "before-first-apply") == #"{"f:data":{".":{},"f:x":{}}}"#)
    }

    @Test func `A null in an applied object has no effect`() throws {
        var deployment = try AppliedObject(.deployments)
        try deployment.apply(Self.deployment.replacing("replicas: 2", with: "replicas: null"), by: "m1")
        #expect(deployment.fields(of: "m1")?.contains("f:replicas") == false)
        #expect(deployment.live?.json["spec", "replicas"] == 1)
    }

    @Test func `Managers own the status separately from the rest`() throws {
        var deployment = try AppliedObject(.deployments)
        try deployment.apply(Self.deployment + "status: {replicas: 9}\n", by: "m1")
        #expect(deployment.live?.json["status"] == [:])
        try deployment.apply("{spec: {replicas: 7}, status: {replicas: 2}}", by: "m1", subresource: "status")
        #expect(deployment.live?.json["status", "replicas"] == 2)
        #expect(deployment.live?.json["spec", "replicas"] == 2)
        let entries = deployment.live?.json["metadata", "managedFields"]?.array ?? []
        #expect(entries.map { $0["subresource"]?.string } == [nil, "status"])
        #expect(entries.last?["fieldsV1"] == ["f:status": ["f:replicas": [:]]])
    }

    @Test func `Apply refuses duplicate elements, managed fields and another version`() throws {
        var service = try AppliedObject(.services)
        let twice = try #require(throws: APIStatus.self) {
            try service.apply("spec: {ports: [{port: 80}, {port: 80, protocol: TCP}]}", by: "m")
        }
        #expect(twice.message.contains(#".spec.ports: duplicate entries for key [port=80,protocol="TCP"]"#))
        let managed = try #require(throws: APIStatus.self) {
            try service.apply("metadata: {managedFields: [{}]}", by: "m")
        }
        #expect(managed.code == 400)
    }

    @Test func `Kubectl migrates from client-side to server-side apply without conflicts`() throws {
        var config = try AppliedObject(.configMaps)
        let annotation = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"x":"1"}}"#
        try config.write(
            "{metadata: {annotations: {kubectl.kubernetes.io/last-applied-configuration: '\(annotation)'}}, data: {x: '1'}}",
            by: "kubectl-client-side-apply")
        #expect(throws: APIStatus.self) { try config.apply("data: {x: '2'}", by: "other") }
        try config.apply("data: {x: '2'}", by: "kubectl")
        #expect(config.live?.json["data", "x"] == "2")
    }

    static let deployment = """
        spec:
          replicas: 2
          selector: {matchLabels: {app: x}}
          template:
            metadata: {labels: {app: x}}
            spec:
              containers: [{name: a, image: "x:1", ports: [{containerPort: 80}], env: [{name: E, value: "1"}], securityContext: {runAsNonRoot: true}, resources: {limits: {cpu: "1"}}}]
              volumes: [{name: v, emptyDir: {}}]

        """
}
