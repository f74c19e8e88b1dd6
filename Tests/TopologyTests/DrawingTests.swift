import Kube
import TestSupport
import Testing

@testable import Topology

@Suite("Drawings") struct DrawingTests {
    /// Texts that mean something in one of the formats.
    static let hostile = [
        "\"] --> n0", "<script>alert(1)</script>", "a\\\"b\\", "#quot;", "&amp;&#0;", "%%{init: {}}%%", "end", "`code`",
        "fa:fa-bug", "$$x$$", "\\N\\G", "a\nb\r\tc", "\u{0}\u{1B}[31m", "\u{202E}gpj", "\u{FFFE}", "${x}", "]]>",
        "<!--",
        String(repeating: "long", count: 100), "ü→😀",
    ]

    private func graph(_ texts: [String]) -> Graph {
        var graph = Graph()
        for text in texts {
            let band = graph.add(.init(title: text, health: .ok))
            let first = graph.add(.init(title: text, lines: [text], health: .wrong, column: .tenants, band: band))
            let second = graph.add(.init(title: "ring", lines: [text], health: .ok, column: .rings, band: band))
            graph.connect(first, second)
        }
        return graph
    }

    @Test(arguments: hostile) func `Names in Mermaid stay within their quotes, and mean nothing`(text: String) throws {
        for line in Mermaid.text(graph([text])).split(separator: "\n") {
            let known = [
                #"flowchart LR|  end"#, #"  subgraph v\d+\["[A-Za-z0-9 .,/():#;-]*"\]"#,
                #"  (  )?n\d+\["([A-Za-z0-9 .,/():#;-]|<br>)*"\]:::[a-z]+"#, #"  n\d+ --> n\d+"#,
                #"  class v\d+ frame"#, #"  classDef [a-z]+ [a-z0-9:#,]+"#,
            ]
            let isKnown = try known.contains { try Regex($0).wholeMatch(in: line) != nil }
            #expect(isKnown, "\(line)")
            // A number sign begins a number, and a semicolon ends it.
            for match in line.matches(of: /"[^"]*"/) {
                #expect(match.output.replacing(/#\d+;/, with: "").contains(/[#;%`&$\\]/) == false, "\(line)")
            }
        }
        #expect(Mermaid.escaped("wrong: a/b (2)") == "wrong: a/b (2)")
    }

    @Test(.enabled(if: ChildProcess.find("dot") != nil, "Graphviz is not installed"))
    func `Graphviz reads names as they are`() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = try directory.write("graph.dot", DOT.text(graph(Self.hostile)))
        let dot = try #require(ChildProcess.find("dot"))
        let result = try await ChildProcess.run(dot, ["-Tplain", path])
        #expect(result.code == 0 && !result.output.contains("Error") && !result.output.contains("Warning"), "\(result)")
        #expect(result.output.split(separator: "\n").count { $0.hasPrefix("node ") } == 2 * Self.hostile.count)
        #expect(result.output.split(separator: "\n").count { $0.hasPrefix("edge ") } == Self.hostile.count)
    }

    @Test func `DOT escapes what ends a text`() {
        #expect(DOT.escaped("a\"b\\N&lt;") == "a\\\"b\\\\N&amp;lt;")
    }

    @Test func `SVG is well-formed whatever the names`() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let svg = SVG.text(graph(Self.hostile))
        #expect(!svg.contains("<script"))
        let path = try directory.write("graph.svg", svg)
        let python = try #require(ChildProcess.find("python3"))
        let result = try await ChildProcess.run(
            python,
            [
                "-c", "import sys, xml.dom.minidom as m; print(len(m.parse(sys.argv[1]).getElementsByTagName('g')))",
                path,
            ])
        #expect(result.code == 0 && result.output == "\(2 * Self.hostile.count)\n", "\(result)")
    }

    @Test func `Boxes of a drawing do not overlap, and lie within it`() throws {
        var places = Places()
        for name in try Checkout.list("examples/thanos-managed") where name.hasSuffix(".yaml") {
            try places.add(try Checkout.read(name))
        }
        places.plan()
        let graph = Graph(places.topology)
        let layout = GraphLayout(graph)
        #expect(layout.boxes.count > 8)
        for (place, box) in layout.boxes.enumerated() {
            #expect(box.x >= 0 && box.y >= 0 && box.x + GraphLayout.boxWidth <= layout.width)
            #expect(box.y + box.height <= layout.height)
            for other in layout.boxes.dropFirst(place + 1) where other.x == box.x {
                #expect(other.y >= box.y + box.height || box.y >= other.y + other.height)
            }
        }
    }

    @Test(arguments: TopologyFormat.allCases.filter { $0 != .json })
    func `Ten thousand tenants are counted, and the wrong ones named`(format: TopologyFormat) throws {
        var places = Places()
        try places.add(Places.view())
        for number in 0..<10_000 {
            try places.add(Places.tenant("t-\(number)", ring: number < 1000 ? "hard" : nil, ready: number != 7777))
        }
        let text = places.topology.drawn(as: format)
        #expect(text.utf8.count < 50_000)
        #expect(text.contains("t-7777") && text.contains("DuplicateID"))
        #expect(text.contains("992 more tenants") || text.contains("993 more tenants"), "\(text)")
        let graph = Graph(places.topology)
        #expect(graph.edges.count < 500 && graph.nodes.count < 200)
    }

    @Test func `A view with many rings, and many views, stay small`() throws {
        var topology = Topology()
        for view in 0..<100 {
            let rings = (0..<64).map { ring in
                RingNode(
                    name: "r\(ring)", isSoft: false, health: .ok, members: 3, desired: 3,
                    receivers: (0..<200).map { ReceiverNode(name: "p-\(ring)-\($0)", health: .ok, note: nil) },
                    tenants: HealthCount(), worst: [])
            }
            topology.views.append(
                ViewNode(
                    key: ObjectKey(namespace: "n", name: "v\(view)"), kind: "thanos", health: view == 90 ? .wrong : .ok,
                    troubles: [], rings: rings, parts: [], tenants: HealthCount()))
        }
        let text = topology.drawn(as: .mermaid)
        #expect(text.utf8.count < 50_000 && Graph(topology).edges.count < 500)
        #expect(text.contains("n/v90") && text.contains("92 views"))
    }
}
