import FoundationEssentials
import Kube
import TestSupport
import Testing

@Suite struct `tributary diff and status` {
    /// Runs a playground with an example, and ends it after a test.
    private func withPlayground(_ files: String, _ body: (_ kubeconfig: String) async throws -> Void) async throws {
        try await RunningPlayground.with(["\(Checkout.root)/\(files)"]) { playground in
            try await waitUntil("nothing is wrong any more", within: .seconds(60)) {
                try await Tool.run("status", "--kubeconfig", playground.kubeconfig).output.contains("nothing is wrong")
            }
            try await body(playground.kubeconfig)
        }
    }

    /// A manifest without some fields of its `spec`.
    private static func leaving(out fields: [String], of manifest: String) -> String {
        var isLeftOut = false
        return manifest.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if line.hasPrefix("  "), !line.hasPrefix("   ") {
                isLeftOut = fields.contains { line.hasPrefix("  \($0):") }
            }
            return !isLeftOut
        }.joined(separator: "\n")
    }

    @Test func `The command diff prints what would change, and status prints what is wrong`() async throws {
        try await withPlayground("examples/walls") { kubeconfig in
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            func diff(_ text: String) async throws -> Tool.Outcome {
                try await Tool.run(
                    "diff", "--kubeconfig", kubeconfig, "-f", try folder.write("changed.yaml", text))
            }
            let same = try await Tool.run("diff", "--kubeconfig", kubeconfig, "-f", "examples/walls")
            #expect(same.code == 0 && same.output == "" && same.errors == "", "\(same)")

            let agent = try Checkout.read("examples/walls/40-agent.yaml")
            let more = try await diff(agent.replacing("\nspec:\n", with: "\nspec:\n  replicas: 3\n"))
            #expect(more.code == 1 && more.errors == "", "\(more)")
            #expect(more.output.contains("+++ planned: apps/v1 StatefulSet monitoring/"))
            #expect(more.output.contains("\n+  replicas: 3\n"), "\(more.output)")

            // A Secret's values are in no diff, and what is new is compared with nothing.
            let tenants = try Checkout.read("examples/walls/30-tenants.yaml")
            let third = try await diff(tenants.replacing("name: tenant-b", with: "name: tenant-c"))
            #expect(third.code == 1)
            #expect(
                third.output.contains("--- /dev/null\n+++ planned: v1 Secret observability/tenant-c-write-credential"))
            #expect(third.output.contains("+  token: '***'"))

            let view = try Checkout.read("examples/walls/20-globalview.yaml")
            let grown = try await diff(view.replacing("replicas: 3", with: "replicas: 4"))
            #expect(grown.errors.contains("hashring \"default\": 1 that joins would move "), "\(grown)")

            // Without a gateway, what it consists of goes.
            let without = try await diff(Self.leaving(out: ["gateway", "ingress"], of: view))
            #expect(without.code != 0)
            #expect(without.output.contains("+++ /dev/null"), "\(without)")

            let json = try await Tool.run(
                "diff", "--kubeconfig", kubeconfig, "-o", "json", "-f",
                try folder.write("more.json.yaml", agent.replacing("\nspec:\n", with: "\nspec:\n  replicas: 3\n")))
            #expect(json.code == 1 && json.errors == "", "\(json)")
            let changed = try JSON(parsing: json.output)["differences"]?.array ?? []
            let set = try #require(changed.first { $0["kind"] == "StatefulSet" })
            #expect(set["namespace"] == "monitoring" && set["change"] == "change")
            #expect(set["before", "spec", "replicas"] != 3 && set["after", "spec", "replicas"] == 3)

            let wrong = try await diff("kind: 7\n")
            #expect(wrong.code == 2 && wrong.output == "")

            let why = try await Tool.run("why", "tenant", "observability/tenant-a", "--kubeconfig", kubeconfig)
            #expect(why.code == 0, "\(why)")
            let status = try await Tool.run("status", "--kubeconfig", kubeconfig, "-o", "json")
            #expect(status.code == 0)
            #expect(try JSON(parsing: status.output)["wrong"] == false)
        }
    }

    @Test func `The command diff exits with 2 without a cluster, and status exits with 1`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let none = folder.path("none")
        let diff = try await Tool.run("diff", "--kubeconfig", none, "-f", "examples/walls")
        #expect(diff.code == 2 && diff.output == "" && diff.errorLines.count == 1, "\(diff)")
        let status = try await Tool.run("status", "--kubeconfig", none)
        #expect(status.code == 1 && status.output == "" && status.errorLines.count == 1, "\(status)")
    }
}
