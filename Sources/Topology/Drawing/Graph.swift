/// Boxes in columns and arrows between them: what is drawn, whatever the format.
struct Graph: Sendable, Hashable {
    /// A box.
    struct Node: Sendable, Hashable {
        /// The first line, in bold where that is possible.
        var title: String
        /// Further lines.
        var lines: [String] = []
        var health: NodeHealth
        var column: Column
        /// The band, which is a view with what belongs to it.
        var band: Int
        /// Whether the box is a part of the view, and so within its frame.
        var isInView: Bool { column >= .entry }
    }

    /// Where series are when they are there.
    enum Column: Int, Sendable, Hashable, CaseIterable, Comparable {
        case agents, tenants, entry, rings, receivers, storage, reading, frontends

        static func < (left: Column, right: Column) -> Bool { left.rawValue < right.rawValue }
    }

    struct Edge: Sendable, Hashable {
        var from: Int
        var to: Int
    }

    /// The frame around the parts of a view.
    struct Band: Sendable, Hashable {
        var title: String
        var health: NodeHealth
    }

    /// Boxes, which arrows name by their places.
    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []
    private(set) var bands: [Band] = []

    /// The longest text of a line, in characters.
    private static let longest = 60

    /// Adds a band and returns its place.
    mutating func add(_ band: Band) -> Int {
        var band = band
        band.title = Self.line(band.title)
        bands.append(band)
        return bands.count - 1
    }

    /// Adds a box and returns its place.
    mutating func add(_ node: Node) -> Int {
        var node = node
        node.title = Self.line(node.title)
        node.lines = node.lines.map(Self.line)
        nodes.append(node)
        return nodes.count - 1
    }

    /// Adds an arrow, once.
    mutating func connect(_ from: Int, _ to: Int) {
        let edge = Edge(from: from, to: to)
        if !edges.contains(edge) { edges.append(edge) }
    }

    /// A text of bounded length without control characters.
    private static func line(_ text: String) -> String {
        let short = text.count > longest ? "\(text.prefix(longest - 1))…" : text
        return String(
            String.UnicodeScalarView(
                short.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    // Format characters turn the direction of text around or hide in it.
                    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
                        "\u{FFFD}"
                    default: scalar
                    }
                }))
    }
}
