/// Draws a graph, readable on light and on dark ground.
enum SVG {
    /// The most characters that fit into a box.
    private static let fitting = 27

    static func text(_ graph: Graph) -> String {
        let layout = GraphLayout(graph)
        var lines = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(layout.width) \(layout.height)" width="\(layout.width)" \
            height="\(layout.height)" role="img" aria-labelledby="title">
            """, "<title id=\"title\">What stands where: agents, tenants, rings, receivers, stores</title>", style,
            "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>",
        ]
        for (frame, band) in zip(layout.frames, graph.bands) {
            guard let frame else { continue }
            lines.append(
                "<rect class=\"frame \(band.health.rawValue)\" x=\"\(frame.x)\" y=\"\(frame.y)\" width=\"\(frame.width)\" "
                    + "height=\"\(frame.height)\" rx=\"10\"/>")
            lines.append(
                "<text class=\"view\" x=\"\(frame.x + 14)\" y=\"\(frame.y + 21)\">\(escaped(band.title))</text>")
        }
        for edge in graph.edges {
            let (from, to) = (layout.boxes[edge.from], layout.boxes[edge.to])
            if from.x == to.x {
                let middle = from.x + GraphLayout.boxWidth / 2
                lines.append("<path d=\"M\(middle) \(from.y + from.height)V\(to.y)\"/>")
                continue
            }
            let start = (from.x + GraphLayout.boxWidth, from.y + from.height / 2)
            let end = (to.x, to.y + to.height / 2)
            let bend = max(24, (end.0 - start.0) / 2)
            lines.append(
                "<path d=\"M\(start.0) \(start.1)C\(start.0 + bend) \(start.1) \(end.0 - bend) \(end.1) \(end.0) \(end.1)\"/>"
            )
        }
        for (node, box) in zip(graph.nodes, layout.boxes) { lines += draw(node, box) }
        return lines.joined(separator: "\n") + "\n</svg>\n"
    }

    private static func draw(_ node: Graph.Node, _ box: GraphLayout.Box) -> [String] {
        let full = ([node.title] + node.lines + [node.health.rawValue]).joined(separator: ", ")
        var lines = [
            "<g class=\"\(node.health.rawValue)\"><title>\(escaped(full))</title>",
            "<rect x=\"\(box.x)\" y=\"\(box.y)\" width=\"\(GraphLayout.boxWidth)\" height=\"\(box.height)\" rx=\"6\"/>",
            "<text class=\"mark\" x=\"\(box.x + GraphLayout.boxWidth - 18)\" y=\"\(box.y + 19)\">\(mark(node.health))</text>",
            "<text class=\"name\" x=\"\(box.x + 10)\" y=\"\(box.y + 19)\">\(escaped(fit(node.title, Self.fitting - 5)))</text>",
        ]
        for (row, line) in node.lines.enumerated() {
            lines.append(
                "<text x=\"\(box.x + 10)\" y=\"\(box.y + 35 + row * 16)\">\(escaped(fit(line, Self.fitting)))</text>")
        }
        return lines + ["</g>"]
    }

    /// A sign, so that colours are not all that tells how something stands.
    private static func mark(_ health: NodeHealth) -> String {
        switch health {
        case .unknown: ""
        case .ok: "✓"
        case .waiting: "…"
        case .wrong: "!"
        }
    }

    /// A text that fits into a box. The end stays: it tells the pods of a set from each other.
    private static func fit(_ text: String, _ most: Int) -> String {
        guard text.count > most else { return text }
        let end = most / 3
        return "\(text.prefix(most - 1 - end))…\(text.suffix(end))"
    }

    /// A text in XML, which allows few control characters and no noncharacters.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default:
                let isAllowed =
                    scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar.value & 0xFFFE != 0xFFFE
                result.unicodeScalars.append(isAllowed ? scalar : "\u{FFFD}")
            }
        }
        return result
    }

    private static let style = """
        <style>
        text{font:12px system-ui,sans-serif;fill:#3b4754}
        .ground{fill:#fff}.frame{fill:#f6f8fa;stroke:#c5ccd5}.view{font-weight:600;font-size:13px;fill:#1d2733}
        .name{font-weight:600;fill:#1d2733}.mark{font-weight:700}
        path{fill:none;stroke:#8a94a3;stroke-width:1.2}
        g rect{fill:#eef1f5;stroke:#68737f}
        .ok rect{fill:#e9f6ee;stroke:#2b7a4b}.ok .mark{fill:#1f6b3e}
        .waiting rect{fill:#fff4da;stroke:#93650a}.waiting .mark{fill:#7a5200}
        .wrong rect{fill:#fdeae8;stroke:#b3261e;stroke-width:2}.wrong .mark{fill:#a31d16}
        .frame.wrong{stroke:#b3261e}
        @media (prefers-color-scheme:dark){
        text{fill:#b9c3cf}.ground{fill:#12171d}.frame{fill:#181f27;stroke:#3a4552}.view,.name{fill:#eef2f6}
        path{stroke:#6b7785}g rect{fill:#222b35;stroke:#7d8997}
        .ok rect{fill:#15291d;stroke:#4fb477}.ok .mark{fill:#7ad69d}
        .waiting rect{fill:#332707;stroke:#d9a432}.waiting .mark{fill:#f0c25c}
        .wrong rect{fill:#3a1613;stroke:#f2857c}.wrong .mark{fill:#ff9d95}
        .frame.wrong{stroke:#f2857c}
        }
        </style>
        """
}
