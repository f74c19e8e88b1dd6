import Kube
import TestSupport
import Testing
import TributaryAPI

@Suite struct Examples {
    static let stories = [
        "agents-into-prometheus", "edge", "federation", "isolation", "monitors", "rules", "send-less",
        "thanos", "thanos-complete", "thanos-managed", "thanos-receive-controller", "walls",
    ]

    @Test func `Every story has an example with a README`() throws {
        #expect(Repository.list("examples").filter { $0 != "README.md" } == Self.stories)
        for story in Self.stories { #expect(try !Checkout.read("examples/\(story)/README.md").isEmpty) }
    }

    @Test func `The examples cover all kinds and their objects are valid`() throws {
        var counts: [String: Int] = [:]
        for (file, object) in try Repository.examples() {
            guard let kind = TributaryAPI.kind(of: object) else {
                #expect(object.group != TributaryAPI.group, "\(file): \(object) has apiVersion \(object.apiVersion)")
                continue
            }
            counts[object.kind, default: 0] += 1
            #expect(kind.problems(in: object) == [], "\(file): \(object)")
            #expect(object.namespace != nil, "\(file): \(object)")
        }
        #expect(counts.keys.sorted() == ["GlobalView", "PrometheusAgent", "Tenant"])
    }

    @Test func `Every example defines the objects and namespaces that it refers to`() throws {
        for story in Self.stories {
            let objects = try Repository.examples().filter { $0.file.hasPrefix("examples/\(story)/") }.map(\.object)
            let views = Set(objects.filter { $0.kind == "GlobalView" }.map(\.key))
            let tenants = Set(objects.filter { $0.kind == "Tenant" }.map(\.key))
            let namespaces = Set(objects.filter { $0.kind == "Namespace" }.map(\.name))
            let secrets = Set(objects.filter { $0.kind == "Secret" }.map(\.key))
            for object in objects {
                if let namespace = object.namespace { #expect(namespaces.contains(namespace), "\(story): \(object)") }
                for name in Self.secretNames(object.json["spec"] ?? .null) {
                    let key = ObjectKey(namespace: object.namespace ?? "", name: name)
                    #expect(secrets.contains(key), "\(story): \(object) refers to Secret \(key)")
                }
                switch object.kind {
                case "Tenant": #expect(views.contains(try Tenant(object).globalViewKey), "\(story): \(object)")
                case "PrometheusAgent":
                    for key in try PrometheusAgent(object).tenantKeys { #expect(tenants.contains(key), "\(object)") }
                default: break
                }
            }
        }
    }

    /// The Secrets to which an object refers by a key; examples need not define those of TLS certificates.
    private static func secretNames(_ json: JSON) -> [String] {
        switch json {
        case .array(let elements): return elements.flatMap(secretNames)
        case .object(let members):
            let isSelector = members["key"] != nil && members["name"] != nil && members["operator"] == nil
            let own = isSelector ? [members["name"]?.string].compactMap { $0 } : []
            return own + members.values.flatMap(secretNames)
        default: return []
        }
    }

    @Test func `The GlobalView of the Thanos example adopts its receivers, and their flags agree with it`() throws {
        let objects = try Repository.examples().filter { $0.file.hasPrefix("examples/thanos/") }.map(\.object)
        let view = try GlobalView(try #require(objects.first { $0.kind == "GlobalView" }))
        let sets = objects.filter { $0.kind == "StatefulSet" }
        let thanos = try #require(view.spec.thanos)
        for ring in thanos.hashrings ?? [] {
            let adopted = sets.filter { ring.adopt?.selector.matches($0.labels) ?? false }
            #expect(adopted.map(\.name) == ["receive-\(ring.name)"])
            #expect((adopted.first?.json["spec", "replicas"]?.int ?? 0) >= thanos.effectiveReplicationFactor)
        }
        for set in sets {
            let pod = try #require(set.json["spec", "template", "spec"])
            let arguments = (pod["containers"]?[0]?["args"]?.array ?? []).compactMap(\.string)
            let service = try #require(set.json["spec", "serviceName"]?.string)
            #expect(arguments.contains("--receive.replication-factor=\(thanos.effectiveReplicationFactor)"))
            #expect(arguments.contains("--receive.hashrings-algorithm=\(thanos.effectiveAlgorithm)"))
            #expect(arguments.contains("--receive.tenant-label-name=\(view.tenantLabel)"))
            #expect(
                arguments.contains(
                    "--receive.local-endpoint=$(POD_NAME).\(service).$(POD_NAMESPACE).svc.cluster.local:10901"))
            #expect(pod["containers"]?[0]?["image"]?.string == view.thanosImage)
            #expect(
                (pod["volumes"]?.array ?? []).contains { $0["configMap", "name"]?.string == view.hashringConfigMapName }
            )
            #expect(
                objects.contains {
                    $0.kind == "Service" && $0.name == service && $0.json["spec", "clusterIP"] == "None"
                })
        }
        let tenants = try objects.filter { $0.kind == "Tenant" }.map { try Tenant($0) }
        #expect(tenants.map(\.id) == ["tenant-a", "tenant-b", "sre"])
        #expect(tenants.map(\.spec.hashring) == ["hashring-0", "hashring-0", nil])
    }
}
