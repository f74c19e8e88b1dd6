import Kube
import PlanningInput
import TestSupport
import Testing
import YAML

@Suite("The Helm chart") struct ChartTests {
    /// Values and the kustomizations that install the same.
    struct Installation: Sendable, CustomTestStringConvertible {
        let values: JSON
        let folders: [String]
        let namespace: String
        var testDescription: String { folders.joined(separator: " ") }
    }

    static let installations = [
        Installation(values: [:], folders: ["manifests"], namespace: "tributary-system"),
        Installation(
            values: ["monitoring": ["enabled": true]], folders: ["manifests", "manifests/monitoring"],
            namespace: "tributary-system"),
        Installation(values: ["shards": 2], folders: ["manifests/shards"], namespace: "tributary-system"),
        Installation(values: ["namespaced": true], folders: ["manifests/namespaced"], namespace: "tributary"),
        Installation(
            values: ["namespaced": true, "zones": true], folders: ["manifests/namespaced", "manifests/zones"],
            namespace: "tributary"),
    ]

    @Test(.enabled(if: RealAPIServer.assets != nil, "kubectl is not found"), arguments: installations)
    func `The Helm chart installs the same objects as the kustomization`(installation: Installation) async throws {
        var expected: [String: JSON] = [:]
        for folder in installation.folders {
            for object in try await Manifests.objects(folder) { expected[Self.name(object)] = object.json }
        }
        expected = expected.filter { !$0.key.hasPrefix("Namespace ") && !$0.key.hasPrefix("CustomResourceDefinition ") }
        let objects = try await Chart.objects(installation.values, namespace: installation.namespace)
        let found = Dictionary(uniqueKeysWithValues: objects.map { (Self.name($0), Self.withoutHelmsOwn($0.json)) })
        #expect(found.keys.sorted() == expected.keys.sorted())
        for (name, object) in expected where found[name] != object {
            Issue.record("\(name): \(found[name]?.text() ?? "nothing") instead of \(object.text())")
        }
    }

    @Test(.enabled(if: Chart.helm != nil, "helm is not found"), arguments: installations)
    func `Helm renders what the tests' own renderer does`(installation: Installation) async throws {
        let byHelm = try await Chart.objects(installation.values, namespace: installation.namespace)
        let own = try YAML.parse(try Chart.rendered(installation.values, installation.namespace)).map(\.value)
        #expect(Set(byHelm.map(\.json)) == Set(own.filter { !$0.isNull }))
    }

    @Test func `The Helm chart grants the same in each further namespace`() async throws {
        let objects = try await Chart.objects(
            ["namespaced": true, "namespaces": ["shop", "bank"]], namespace: "observability")
        let deployment = try #require(objects.first { $0.kind == "Deployment" }?.json)
        let arguments = deployment["spec", "template", "spec", "containers"]?[0]?["args"]?.array ?? []
        #expect(arguments.suffix(3) == ["--namespace=$(POD_NAMESPACE)", "--namespace=shop", "--namespace=bank"])
        let roles = objects.filter { $0.kind == "Role" && $0.name == "tributary" }
        #expect(roles.compactMap(\.namespace) == ["observability", "shop", "bank"])
        #expect(Set(roles.map { $0.json["rules"] }).count == 1)
        let bindings = objects.filter { $0.kind == "RoleBinding" && $0.name == "tributary" }
        #expect(bindings.compactMap(\.namespace) == ["observability", "shop", "bank"])
        for binding in bindings {
            #expect(binding.json["subjects"]?[0]?["namespace"] == "observability")
            #expect(binding.json["roleRef", "kind"] == "Role")
        }
        #expect(!objects.contains { $0.kind.hasPrefix("ClusterRole") })
    }

    @Test func `The Helm chart has the version of the program`() throws {
        let metadata = try Chart.metadata()
        #expect(metadata["version"]?.string == Release.version)
        #expect(metadata["appVersion"]?.string == Release.version)
        #expect(try Chart.defaults()["image", "repository"]?.string == Release.name)
    }

    @Test func `Templates and schema know the values that values.yaml explains, and no others`() throws {
        let paths = Self.leaves(try Chart.defaults())
        var used: Set<String> = []
        for path in try Checkout.list("\(Chart.folder)/templates") {
            for match in try Checkout.read(path).matches(of: /\.Values\.([A-Za-z.]+)/) { used.insert(String(match.1)) }
        }
        #expect(used == paths)
        let schema = try YAML.parseOne(try Checkout.read("\(Chart.folder)/values.schema.json")).value
        #expect(Self.properties(schema).subtracting(["global"]) == paths)
    }

    @Test func `The values of the Helm chart reach the operator's pod`() async throws {
        let digest = "sha256:\(String(repeating: "0a", count: 32))"
        let objects = try await Chart.objects(
            [
                "image": [
                    "repository": "registry.example/tributary", "digest": .string(digest), "pullPolicy": "Always",
                ],
                "imagePullSecrets": ["registry"], "replicas": 3, "priorityClassName": "platform",
                "extraArgs": ["--log-level=debug"], "page": true, "podAnnotations": ["team": "observability"],
                "nodeSelector": ["kubernetes.io/arch": "arm64"],
                "tolerations": [["key": "infra", "operator": "Exists"]],
                "resources": ["limits": ["memory": "1Gi"]], "networkPolicy": ["enabled": false],
            ], namespace: "observability")
        #expect(!objects.contains { ["NetworkPolicy", "PriorityClass"].contains($0.kind) })
        let deployment = try #require(objects.first { $0.kind == "Deployment" }?.json)
        #expect(deployment["spec", "replicas"]?.int == 3)
        let pod = try #require(deployment["spec", "template"])
        #expect(pod["metadata", "annotations"] == ["team": "observability"])
        let spec = try #require(pod["spec"])
        #expect(spec["priorityClassName"] == "platform")
        #expect(spec["imagePullSecrets"] == [["name": "registry"]])
        #expect(spec["nodeSelector"] == ["kubernetes.io/arch": "arm64"])
        #expect(spec["tolerations"] == [["key": "infra", "operator": "Exists"]])
        let container = try #require(spec["containers"]?[0])
        #expect(container["image"]?.string == "registry.example/tributary@\(digest)")
        #expect(container["imagePullPolicy"] == "Always")
        #expect(container["args"]?.array?.last == "--log-level=debug")
        #expect(container["args"]?.array?.contains("--page") == true)
        #expect(container["resources", "limits", "memory"] == "1Gi")
    }

    private static func name(_ object: Object) -> String {
        "\(object.kind) \(object.namespace ?? "")/\(object.name)"
    }

    /// Helm keeps an object with this annotation when the release is removed. It says nothing to Kubernetes.
    private static func withoutHelmsOwn(_ object: JSON) -> JSON {
        guard object["metadata", "annotations"]?.object?.keys.sorted() == ["helm.sh/resource-policy"] else {
            return object
        }
        var object = object
        object["metadata"]?["annotations"] = nil
        return object
    }

    /// The paths of the values that are set as a whole.
    private static func leaves(_ values: JSON) -> Set<String> {
        let groups: Set = ["image", "monitoring", "networkPolicy"]
        var paths: Set<String> = []
        for (key, value) in values.object ?? [:] {
            if groups.contains(key) {
                for inner in value.object?.keys ?? [] { paths.insert("\(key).\(inner)") }
            } else {
                paths.insert(key)
            }
        }
        return paths
    }

    private static func properties(_ schema: JSON) -> Set<String> {
        var paths: Set<String> = []
        for (key, value) in schema["properties"]?.object ?? [:] {
            let inner = properties(value)
            paths.formUnion(inner.isEmpty ? [key] : Set(inner.map { "\(key).\($0)" }))
        }
        return paths
    }
}
