/// Writes a graph in the language of Graphviz.
enum DOT {
    static func text(_ graph: Graph) -> String {
        var lines = [
            "digraph tributary {", "  rankdir=LR;", "  graph [fontname=\"sans-serif\", compound=true];",
            "  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\", fontsize=11];",
            "  edge [color=\"#8a94a3\"];",
        ]
        for (band, frame) in graph.bands.enumerated() {
            let own = graph.nodes.indices.filter { graph.nodes[$0].band == band && graph.nodes[$0].isInView }
            lines.append("  subgraph cluster_\(band) {")
            lines.append("    label=\"\(escaped(frame.title))\";")
            lines.append("    color=\"\(colours(frame.health).1)\";")
            lines += own.map { "    \(node($0, graph.nodes[$0]))" }
            lines.append("  }")
        }
        lines += graph.nodes.indices.filter { !graph.nodes[$0].isInView }.map { "  \(node($0, graph.nodes[$0]))" }
        lines += graph.edges.map { "  n\($0.from) -> n\($0.to);" }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    private static func node(_ place: Int, _ node: Graph.Node) -> String {
        let text = ([node.title] + node.lines).map(escaped).joined(separator: "\\n")
        let (fill, stroke) = colours(node.health)
        return "n\(place) [label=\"\(text)\", fillcolor=\"\(fill)\", color=\"\(stroke)\"];"
    }

    private static func colours(_ health: NodeHealth) -> (String, String) {
        switch health {
        case .unknown: ("#eef1f5", "#68737f")
        case .ok: ("#e2f3e8", "#2b7a4b")
        case .waiting: ("#fff1cf", "#93650a")
        case .wrong: ("#fde3e1", "#b3261e")
        }
    }

    /// A text within quotes. Graphviz knows escapes with backslashes and the entities of HTML in there.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "&": result += "&amp;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
