import Kube
import TestSupport

@testable import tributary

/// A page of the docs, as far as tests look at it.
struct MarkdownPage: CustomStringConvertible {
    /// A fenced block.
    struct Block: CustomStringConvertible {
        var page: String
        /// The word after the fence, such as `yaml`.
        var language: String
        /// The number of its first line.
        var line: Int
        /// The lines, without the indentation of the fence.
        var lines: [String]

        var text: String { lines.joined(separator: "\n") + "\n" }
        var description: String { "\(page):\(line)" }
    }

    struct Table {
        var header: [String]
        var rows: [[String]]
    }

    /// A piece of text on a line.
    struct Piece: CustomStringConvertible {
        var page: String
        var line: Int
        var text: String

        var description: String { "\(page):\(line): \(text)" }
    }

    let path: String
    private(set) var blocks: [Block] = []
    private(set) var tables: [Table] = []
    /// How often each heading occurs, by its anchor.
    private var headings: [String: Int] = [:]
    /// What links to parts of the page may name.
    private(set) var anchors: Set<String> = []
    /// The targets of links.
    private(set) var links: [Piece] = []
    /// Texts in backticks, in paragraphs and tables.
    private(set) var code: [Piece] = []

    /// The paths of all pages.
    static let all: [String] =
        ["README.md", "CONTRIBUTING.md", "Benchmarks/README.md"]
        + (Checkout.files(under: "docs") + Checkout.files(under: "examples")).filter { $0.hasSuffix(".md") }

    /// Pages that have been read.
    private static let known = Locked<[String: MarkdownPage]>([:])

    /// The page at a path from the root.
    static func at(_ path: String) throws -> MarkdownPage {
        if let page = known.withLock({ $0[path] }) { return page }
        let page = MarkdownPage(path, try Checkout.read(path))
        known.withLock { $0[path] = page }
        return page
    }

    private init(_ path: String, _ text: String) {
        self.path = path
        var open: (indent: Int, block: Block)?
        var table: Table?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("```") {
                if let (_, block) = open {
                    blocks.append(block)
                    open = nil
                } else {
                    let block = Block(page: path, language: String(text.dropFirst(3)), line: index + 2, lines: [])
                    open = (line.count - text.count, block)
                }
            } else if let indent = open?.indent {
                open?.block.lines.append(String(line.dropFirst(min(indent, line.count - text.count))))
            } else {
                read(line, index + 1)
                Self.add(line, to: &table, finished: &tables)
                continue
            }
            Self.add("", to: &table, finished: &tables)
        }
        Self.add("", to: &table, finished: &tables)
    }

    var description: String { path }

    /// Reads a line outside of blocks.
    private mutating func read(_ line: Substring, _ number: Int) {
        if line.hasPrefix("#") {
            let anchor = Markdown.anchor(String(line.drop { $0 == "#" }.dropFirst().filter { $0 != "`" }))
            let count = headings[anchor, default: 0]
            headings[anchor] = count + 1
            anchors.insert(count == 0 ? anchor : "\(anchor)-\(count)")
        }
        let parts = line.split(separator: "`", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() where index % 2 == 1 {
            code.append(Piece(page: path, line: number, text: String(part)))
        }
        let prose = parts.enumerated().map { $0 % 2 == 0 ? $1 : "code" }.joined()
        for part in prose.split(separator: "](", omittingEmptySubsequences: false).dropFirst() {
            let target = part.prefix { $0 != ")" }
            links.append(Piece(page: path, line: number, text: String(target)))
        }
    }

    /// Adds a line to the table that it is in, or ends the table.
    private static func add(_ line: Substring, to table: inout Table?, finished: inout [Table]) {
        guard line.hasPrefix("|") else {
            if let table { finished.append(table) }
            table = nil
            return
        }
        let cells = cells(of: line)
        if table == nil {
            table = Table(header: cells, rows: [])
        } else if !cells.allSatisfy({ $0.allSatisfy { "-: ".contains($0) } }) {
            table?.rows.append(cells)
        }
    }

    private static func cells(of line: Substring) -> [String] {
        var cells = [""]
        var isEscaped = false
        for character in line.dropFirst() {
            if character == "|", !isEscaped {
                cells.append("")
            } else if character == "|" {
                cells[cells.count - 1].removeLast()
                cells[cells.count - 1].append("|")
            } else {
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\"
        }
        return cells.dropLast().map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    }
}
