import Kube
import TestSupport
import Testing

@Suite struct `tributary graph` {
    @Test(arguments: ["thanos-managed", "thanos", "agents-into-prometheus", "walls", "edge"])
    func `The command graph draws the examples in each format`(example: String) async throws {
        let mermaid = try await Tool.run("graph", "-f", "examples/\(example)")
        #expect(mermaid.code == 0 && mermaid.output.hasPrefix("flowchart LR\n"), "\(mermaid)")
        let dot = try await Tool.run("graph", "-f", "examples/\(example)", "-o", "dot")
        #expect(dot.output.hasPrefix("digraph tributary {\n") && dot.output.hasSuffix("}\n"))
        let svg = try await Tool.run("graph", "-f", "examples/\(example)", "-o", "svg")
        #expect(svg.output.hasPrefix("<svg ") && svg.output.hasSuffix("</svg>\n"))
        let json = try JSON(
            parsing: try await Tool.run("graph", "-f", "examples/\(example)", "-o", "json").output)
        #expect(json["views"]?.array != nil && json["agents"]?.array != nil)
        guard let program = ChildProcess.find("dot") else { return }
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let result = try await ChildProcess.run(program, ["-Tplain", try folder.write("g", dot.output)])
        #expect(result.code == 0 && result.output.hasPrefix("graph "), "\(result.output)")
    }

    @Test func `Tenants lead to their rings, rings to receivers, and receivers to the query`() async throws {
        let outcome = try await Tool.run("graph", "-f", "examples/thanos-managed")
        let names = Dictionary(
            uniqueKeysWithValues: outcome.output.matches(of: /(n\d+)\["([^"<]*)/).map { (String($0.1), String($0.2)) })
        let arrows = Set(
            outcome.output.matches(of: /(n\d+) --> (n\d+)/).map {
                "\(names[String($0.1)] ?? "?") -> \(names[String($0.2)] ?? "?")"
            })
        #expect(arrows.contains { $0.hasPrefix("tenant-a -> ring ") }, "\(arrows)")
        #expect(arrows.contains { $0.wholeMatch(of: /ring .* -> .*-receive-.*-0/) != nil }, "\(arrows)")
        #expect(arrows.contains { $0.hasSuffix("-0 -> query") }, "\(arrows)")
    }

    @Test func `What is wrong in files is drawn as wrong`() async throws {
        let tenants = """
            apiVersion: tributary.dev/v1alpha1
            kind: Tenant
            metadata: {name: lost, namespace: o11y}
            spec: {globalViewRef: {name: absent}}
            """
        let outcome = try await Tool.run("graph", "-f", "-", input: tenants)
        #expect(outcome.code == 0 && outcome.output.contains("]:::wrong"), "\(outcome)")
        #expect(outcome.output.contains("views that do not exist"))
    }

    @Test func `Where there is nothing to draw, one line says so`() async throws {
        let other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
        let outcome = try await Tool.run("graph", "-f", "-", input: other)
        #expect(outcome.code == 1 && outcome.output == "")
        #expect(outcome.errors == "error: there is no GlobalView, Tenant or PrometheusAgent in the files\n")
        #expect(try await Tool.run("graph", "-f", "-", "-o", "png").code == 2)
    }
}
