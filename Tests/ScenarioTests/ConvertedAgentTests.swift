import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI
import YAML

/// Agents of prometheus-operator with the objects that they select and need, as users have them.
enum PrometheusOperatorAgents {
    static let files = ["agent", "daemonset-agent", "flagged-agent", "older-agent"]

    /// The objects of a file, all in one namespace. The agents select no other namespaces, since the operator watches
    /// only one.
    static func objects(_ file: String, in namespace: String) throws -> [Object] {
        let text = try Checkout.read("Tests/Fixtures/prometheus-operator/\(file).yaml")
        return try YAML.parse(text, file: file).map { Object($0.value) }.compactMap { object in
            guard object.kind != "Namespace" else { return nil }
            var object = object
            object.json["metadata", "namespace"] = JSON(namespace)
            for kind in ["serviceMonitor", "podMonitor", "probe", "scrapeConfig"] {
                object.json["spec"]?["\(kind)NamespaceSelector"] = nil
            }
            return object
        }
    }
}

extension Scenarios {
    /// The output of `tributary convert`, in a cluster that validates it.
    @Suite("Converted agents", .timeLimit(.minutes(5))) struct ConvertedAgentTests {
        @Test(arguments: ClusterKind.available, PrometheusOperatorAgents.files)
        func `Converted agents pass the API server's validation and get the configuration that render prints`(
            kind: ClusterKind, file: String
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.install(.podMonitor, .serviceMonitor, .probe, .scrapeConfig)
                let objects = try PrometheusOperatorAgents.objects(file, in: scenario.namespace)
                let input = YAML.write(objects.map(\.json))
                let converted = try await Tool.run("convert", "-f", "-", input: input)
                #expect(converted.code == 0, "\(converted.errors)")
                let agents = try YAML.parse(converted.output).map { Object($0.value) }
                let agent = try #require(agents.first)
                #expect(agents.count == 1)

                for object in objects {
                    guard let resource = Self.resource(of: object) else { continue }
                    try await scenario.client.apply(resource, object, fieldManager: "kubectl", force: true)
                }
                // As with `kubectl apply`: a field that the definition does not have is refused, not dropped.
                let applied = try await scenario.client.apply(
                    PrometheusAgent.resource, agent, fieldManager: "kubectl", force: true, fieldValidation: .strict)
                let given = try #require(agent.json["spec"]?.object)
                for (field, value) in given { #expect(applied.json["spec", field] == value, "\(field)") }
                var wrong = agent
                wrong.json["spec"]?["evaluationInterval"] = "30s"
                await #expect(throws: APIStatus.self) {
                    try await scenario.client.apply(
                        PrometheusAgent.resource, wrong, fieldManager: "kubectl", force: true, dryRun: true,
                        fieldValidation: .strict)
                }

                let rendered = try await Tool.run(
                    "render", "-o", "config", "--show-secrets", "-f", "-", input: input)
                #expect(rendered.code == 0, "\(rendered.errors)")
                let wanted = try YAML.parse(rendered.output).map(\.value)
                #expect(wanted.count == max(1, given["shards"]?.int ?? 1))
                #expect(wanted.allSatisfy { $0["scrape_configs"]?.array?.isEmpty == false })
                for (shard, file) in wanted.enumerated() {
                    let secret = "\(agent.name)-agent" + (shard == 0 ? "" : "-shard-\(shard)")
                    var found: JSON?
                    do {
                        try await waitUntil("") {
                            found = try await scenario.published(secret)
                            return found == file
                        }
                    } catch is WaitingError {
                        Issue.record(
                            "\(secret):\n\(found.map { YAML.write($0) } ?? "none")\nexpected:\n\(YAML.write(file))")
                    }
                }
                try await waitUntil("the status reports no rejected monitor") {
                    let status = try await scenario.get(PrometheusAgent.resource, agent.name)?.json["status"]
                    return status?["rejected"] == 0 && status?["observedGeneration"] != nil
                }
            }
        }

        private static func resource(of object: Object) -> Resource? {
            MonitorKind(of: object)?.resource
                ?? Resource.builtIn.first { $0.apiVersion == object.apiVersion && $0.kind == object.kind }
        }
    }
}

extension Scenario {
    /// The configuration in a Secret; nil if there is none.
    fileprivate func published(_ secret: String) async throws -> JSON? {
        let data = try await get(.secrets, secret)?.json["data", "prometheus.yaml"]?.string
        guard let bytes = data.flatMap({ Base64.decode($0.utf8) }) else { return nil }
        return try YAML.parse(bytes).first?.value
    }
}
