/// The formats in which it is drawn what stands where.
package enum TopologyFormat: String, Sendable, CaseIterable {
    case mermaid, dot, svg, json
}

extension Topology {
    /// The drawing, of bounded size; JSON has everything.
    package func drawn(as format: TopologyFormat) -> String {
        switch format {
        case .mermaid: Mermaid.text(Graph(self))
        case .dot: DOT.text(Graph(self))
        case .svg: SVG.text(Graph(self))
        case .json: json.text(.init(indent: 2)) + "\n"
        }
    }
}
