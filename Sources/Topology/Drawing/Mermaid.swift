/// Writes a graph as a flowchart of Mermaid, which Markdown on most forges shows as a picture.
enum Mermaid {
    static func text(_ graph: Graph) -> String {
        var lines = ["flowchart LR"]
        for (band, frame) in graph.bands.enumerated() {
            let own = graph.nodes.indices.filter { graph.nodes[$0].band == band && graph.nodes[$0].isInView }
            lines.append("  subgraph v\(band)[\"\(escaped(frame.title))\"]")
            lines += own.map { "    \(node($0, graph.nodes[$0]))" }
            lines.append("  end")
        }
        lines += graph.nodes.indices.filter { !graph.nodes[$0].isInView }.map { "  \(node($0, graph.nodes[$0]))" }
        lines += graph.edges.map { "  n\($0.from) --> n\($0.to)" }
        for health in NodeHealth.allCases {
            let (fill, stroke, text) = colours(health)
            lines.append("  classDef \(health.rawValue) fill:\(fill),stroke:\(stroke),color:\(text)")
        }
        lines += graph.bands.indices.map { "  class v\($0) frame" }
        lines.append("  classDef frame fill:none,stroke:#8a94a3")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func node(_ place: Int, _ node: Graph.Node) -> String {
        let text = ([node.title] + node.lines).map(escaped).joined(separator: "<br>")
        return "n\(place)[\"\(text)\"]:::\(node.health.rawValue)"
    }

    private static func colours(_ health: NodeHealth) -> (String, String, String) {
        switch health {
        case .unknown: ("#eef1f5", "#68737f", "#1d2733")
        case .ok: ("#e2f3e8", "#2b7a4b", "#12351f")
        case .waiting: ("#fff1cf", "#93650a", "#3d2a02")
        case .wrong: ("#fde3e1", "#b3261e", "#5c0f0a")
        }
    }

    /// A text within quotes. Mermaid looks for HTML, Markdown, icons (`fa:`), formulas and directives (`%%{`) in there, so
    /// all but what is known to be harmless is written as a number.
    static func escaped(_ text: String) -> String {
        var result = ""
        let scalars = Array(text.unicodeScalars)
        for (place, scalar) in scalars.enumerated() {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", "/", "(", ")", "-":
                result.unicodeScalars.append(scalar)
            case ":" where place + 1 < scalars.count && scalars[place + 1] == " ": result.append(":")
            default: result += "#\(scalar.value);"
            }
        }
        return result
    }
}
