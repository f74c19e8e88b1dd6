import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

@Suite struct `tributary local` {
    /// Starts a playground, and waits until an agent has selected a number of monitors.
    private func play(_ files: [String], until agent: ObjectKey, has monitors: Int) async throws {
        try await RunningPlayground.with(files) { playground in
            try await playground.withClient { client in
                try await waitUntil("the agent has selected its monitors and is ready") {
                    let status = try await client.get(PrometheusAgent.resource, agent).json["status"]
                    return status?["monitors"]?.int == monitors && status?["rejected"] == 0
                        && status?["conditions"]?.array?.contains { $0["type"] == "Ready" && $0["status"] == "True" }
                            == true
                }
            }
        }
    }

    @Test func `The command local runs an example with monitors, whose kinds it has from the start`() async throws {
        try await play(
            ["\(Checkout.root)/examples/monitors"], until: ObjectKey(namespace: "monitoring", name: "cluster"), has: 4)
    }

    @Test func `The command local has the kinds that the files define, in any order`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let file = try folder.write(
            "own.yaml",
            """
            apiVersion: example.org/v1
            kind: Thing
            metadata: {name: one}
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.example.org}
            spec:
              group: example.org
              scope: Namespaced
              names: {kind: Thing, listKind: ThingList, plural: things, singular: thing}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """)
        try await play(
            [file, "\(Checkout.root)/examples/monitors"],
            until: ObjectKey(namespace: "monitoring", name: "cluster"), has: 4)
    }

    @Test func `The command local prints one line and exits with 1 where it cannot start`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let kubeconfig = folder.path("nowhere/kubeconfig")
        let unwritable = try await Tool.run("local", "--write-kubeconfig", kubeconfig)
        #expect(unwritable.code == 1)
        #expect(unwritable.errors == "error: \(kubeconfig): cannot be written: No such file or directory\n")
        let missing = folder.path("nothing.yaml")
        let unreadable = try await Tool.run(
            "local", "--write-kubeconfig", folder.path("kubeconfig"), "--operator", "-f", missing)
        #expect(unreadable.code == 1)
        #expect(unreadable.errors.hasSuffix("\(missing): error: no such file or folder\n"))
        let demo = try await Tool.run("demo", "--examples", missing)
        #expect(demo.code == 1)
        #expect(demo.errors.hasSuffix("error: not all of \(missing) was applied\n"))
    }
}
