import Kube
import Testing
import YAML

@testable import LocalCluster

@Suite("Registry of kinds") struct RegistryTests {
    @Test func `Each version of a definition is a kind with its own names, subresources and warning`() throws {
        let registry = try registryWithWidgets()
        let type = try #require(registry.lookup(group: "example.org", version: "v1", plural: "widgets"))
        #expect(type.resource.kind == "Widget")
        #expect(type.resource.isNamespaced)
        #expect(type.listKind == "WidgetList")
        #expect(type.shortNames == ["wd"])
        #expect(type.subresources == [.status, .scale])
        #expect(type.scale?.spec == ["spec", "replicas"])
        #expect(type.scale?.selector == ["status", "selector"])
        #expect(type.deprecationWarning == nil)
        let old = try #require(registry.lookup(group: "example.org", version: "v1alpha1", plural: "widgets"))
        #expect(old.subresources.isEmpty)
        #expect(old.deprecationWarning == "example.org/v1alpha1 Widget is deprecated")
        #expect(registry.groups.last?.versions == ["v1", "v1alpha1"])
    }

    @Test func `Versions that a definition no longer serves are removed, and all versions with the definition`() throws
    {
        var registry = try registryWithWidgets()
        var definition = try widgetDefinition()
        definition.json["spec", "versions"] = .array([try #require(definition.json["spec", "versions"]?[1])])
        try registry.add(crd: definition)
        #expect(registry.lookup(group: "example.org", version: "v1alpha1", plural: "widgets") == nil)
        registry.remove(crd: definition)
        #expect(registry.lookup(group: "example.org", version: "v1", plural: "widgets") == nil)
        #expect(registry.all.count == ResourceType.builtIn.count)
    }

    @Test func `A version that a definition does not have is named in the words of the API server`() throws {
        let definition = try widgetDefinition()
        let error = #expect(throws: FieldError.self) { _ = try ResourceType(crd: definition, version: "v9") }
        #expect(
            error?.description == "spec.versions: Invalid value: must contain a version with the name \"v9\"")
    }

    @Test func `An invalid definition is refused and changes nothing`() throws {
        var registry = try registryWithWidgets()
        var definition = try widgetDefinition()
        definition.json["spec", "names", "kind"] = nil
        let error = try #require(throws: FieldError.self) { try registry.add(crd: definition) }
        #expect(error.description == "spec.names.kind: Required value")
        #expect(registry.lookup(group: "example.org", version: "v1", plural: "widgets") != nil)
    }

    @Test func `Versions are sorted in the order in which clients prefer them`() {
        let versions = [
            "v1alpha1", "foo1", "v11beta2", "v1", "v10", "v2", "v12alpha1", "v3beta1", "v11alpha2", "foo10",
        ]
        #expect(
            versions.sorted(by: Registry.isPreferred)
                == ["v10", "v2", "v1", "v11beta2", "v3beta1", "v12alpha1", "v11alpha2", "v1alpha1", "foo1", "foo10"])
    }

    @Test func `Apply merges custom resources as their schema defines`() throws {
        let type = try #require(
            try registryWithWidgets().lookup(group: "example.org", version: "v1", plural: "widgets"))
        var widget = AppliedObject(type)
        try widget.apply(
            """
            spec:
              tags: [a]
              parts: [{name: p, size: 1}]
              options: {x: '1'}
              place: {x: 1, y: 1}
              steps: [{run: a}]
            """, by: "m1")
        #expect(
            widget.fields(of: "m1") == #"""
                {"f:spec":{"f:options":{"f:x":{}},"f:parts":{"k:{\"kind\":\"plain\",\"name\":\"p\"}":{".":{},"f:name":{},"f:size":{}}},"f:place":{},"f:steps":{},"f:tags":{"v:\"a\"":{}}}}
                """#)
        try widget.apply("spec: {tags: [b], parts: [{name: p, kind: other}], options: {w: '1'}}", by: "m2")
        #expect(widget.live?.json["spec", "tags"] == ["a", "b"])
        #expect(widget.live?.json["spec", "parts"]?.array?.count == 2)
        #expect(widget.live?.json["spec", "options"] == ["x": "1", "w": "1"])
        try widget.apply("spec: {parts: []}", by: "m1")
        #expect(widget.live?.json["spec", "tags"] == ["b"])
        #expect(widget.live?.json["spec", "place"] == nil)
    }

    @Test func `Built-in kinds get the defaults that clients read`() throws {
        func defaulted(_ resource: Resource, _ yaml: String) throws -> JSON {
            let object = Object(resource, namespace: "n", name: "x", try #require(try YAML.parse(yaml).first).value)
            return try #require(Registry().lookup(resource)).defaulted(object).json
        }
        let service = try defaulted(.services, "spec: {ports: [{port: 80}]}")
        #expect(service["spec", "type"] == "ClusterIP")
        #expect(service["spec", "clusterIP"]?.string?.hasPrefix("10.") == true)
        #expect(service["spec", "ports"] == [["port": 80, "protocol": "TCP", "targetPort": 80]])
        #expect(try defaulted(.services, "spec: {clusterIP: None}")["spec", "clusterIPs"] == ["None"])
        #expect(try defaulted(.services, "spec: {type: ExternalName}")["spec", "clusterIP"] == nil)
        let deployment = try defaulted(.deployments, "spec: {template: {spec: {containers: [{name: a, image: b}]}}}")
        #expect(deployment["spec", "replicas"] == 1)
        #expect(deployment["spec", "strategy", "rollingUpdate", "maxSurge"] == "25%")
        let container = deployment["spec", "template", "spec"]?["containers"]?[0]
        #expect(container?["imagePullPolicy"] == "Always")
        #expect(try defaulted(.statefulSets, "spec: {}")["spec", "podManagementPolicy"] == "OrderedReady")
        #expect(try defaulted(.secrets, "stringData: {a: hello, b: hi}")["data"] == ["a": "aGVsbG8=", "b": "aGk="])
        #expect(try defaulted(.pods, "spec: {}")["status", "phase"] == "Pending")
        #expect(try defaulted(.deployments, "spec: {replicas: 0}")["spec", "replicas"] == 0)
    }

    @Test func `Setting defaults a second time changes nothing`() throws {
        let yaml = "spec: {template: {spec: {containers: [{name: a, image: 'b:1', ports: [{containerPort: 1}]}]}}}"
        for type in Registry().all {
            let object = Object(
                type.resource, namespace: "n", name: "x", try #require(try YAML.parse(yaml).first).value)
            let once = type.defaulted(object)
            #expect(type.defaulted(once) == once, "\(type.resource)")
        }
    }
}
