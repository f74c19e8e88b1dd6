/// Where the boxes of a graph are: in columns from left to right, and views in bands from top to bottom.
struct GraphLayout {
    struct Box {
        var x: Int
        var y: Int
        var height: Int
    }

    static let boxWidth = 196
    private static let columnGap = 64
    private static let rowGap = 12
    private static let margin = 24
    private static let frameTop = 34
    private static let lineHeight = 16

    /// The boxes, by the place of their node.
    private(set) var boxes: [Box] = []
    /// The frames of the views, by the place of their band; nil for one without boxes.
    private(set) var frames: [(x: Int, y: Int, width: Int, height: Int)?] = []
    private(set) var width = 0
    private(set) var height = 0

    init(_ graph: Graph) {
        // The way in stands above the rings, so that it hides no arrow of a tenant.
        func home(_ column: Graph.Column) -> Graph.Column { column == .entry ? .rings : column }
        let used = Graph.Column.allCases.filter { column in
            graph.nodes.contains { home($0.column) == column }
        }
        func x(_ column: Graph.Column) -> Int {
            Self.margin + (used.firstIndex(of: home(column)) ?? 0) * (Self.boxWidth + Self.columnGap)
        }
        boxes = graph.nodes.map { Box(x: x($0.column), y: 0, height: 28 + $0.lines.count * Self.lineHeight) }
        var top = Self.margin
        for band in graph.bands.indices {
            let own = graph.nodes.indices.filter { graph.nodes[$0].band == band }
            var bottoms: [Graph.Column: Int] = [:]
            for place in own {
                let column = home(graph.nodes[place].column)
                let y = bottoms[column] ?? top + Self.frameTop
                boxes[place].y = y
                bottoms[column] = y + boxes[place].height + Self.rowGap
            }
            let bottom = bottoms.values.max() ?? top
            // Short columns stand in the middle.
            for place in own { boxes[place].y += (bottom - (bottoms[home(graph.nodes[place].column)] ?? bottom)) / 2 }
            let inner = own.filter { graph.nodes[$0].isInView }.map { boxes[$0].x }
            if let left = inner.min(), let right = inner.max() {
                frames.append((left - 14, top, right - left + Self.boxWidth + 28, bottom - top + 4))
            } else {
                frames.append(nil)
            }
            top = bottom + Self.margin
        }
        width = 2 * Self.margin + max(1, used.count) * (Self.boxWidth + Self.columnGap) - Self.columnGap
        height = max(top, 2 * Self.margin + 40)
    }
}
