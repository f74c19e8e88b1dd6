import Kube
import TestSupport
import Testing
import TributaryAPI
import YAML

extension Scenarios {
    /// What `render` prints for the examples, and a real API server.
    @Suite(
        "Rendered examples", .timeLimit(.minutes(5)),
        .enabled(if: RealAPIServer.assets != nil, "no kube-apiserver: set KUBEBUILDER_ASSETS"))
    struct RenderedExampleTests {
        /// The examples with custom resources, from which something is rendered.
        private static var examples: [String] {
            get throws {
                try Example.all.filter { name in
                    try Example(name).objects.contains { TributaryAPI.kind(of: $0) != nil }
                }
            }
        }

        @Test(arguments: try examples)
        func `Kubectl apply takes everything that is rendered, and the API server warns of no pod`(
            example: String
        ) async throws {
            let kubeconfig = try #require(SharedAPIServer.current.withLock { $0?.server.kubeconfig })
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            let apply = ["--kubeconfig", kubeconfig, "apply", "--server-side", "--field-manager=tributary", "-f"]
            // The Pod Security Standard warns of what it would refuse.
            let namespaces = try Example(example).objects.filter { $0.kind == "Namespace" }.map { object in
                var object = object
                object.json["metadata", "labels"] = ["pod-security.kubernetes.io/warn": "restricted"]
                return object.json
            }
            try await Manifests.kubectl(apply + [try folder.write("namespaces.yaml", YAML.write(namespaces))])
            let rendered = try await Tool.run("render", "--show-secrets", "-f", "examples/\(example)")
            let output = try await Manifests.kubectl(
                apply + [try folder.write("rendered.yaml", rendered.output), "--dry-run=server"])
            let lines = output.split(separator: "\n")
            #expect(lines.count == (try YAML.parse(rendered.output)).count && lines.count > 2, "\(output)")
            #expect(lines.allSatisfy { $0.hasSuffix("serverside-applied (server dry run)") }, "\(output)")
        }
    }
}
