import TestSupport
import Testing

/// What the docs point to.
///
/// What stands in backticks counts where it is a path from the root of the repository.
@Suite struct `Links of the docs` {
    @Test(arguments: MarkdownPage.all)
    func `Links of the docs lead to a file, and to a heading of it`(path: String) throws {
        let page = try MarkdownPage.at(path)
        let folder = path.split(separator: "/").dropLast()
        for link in page.links where !link.text.contains(":") {
            let parts = link.text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let target = parts[0].isEmpty ? path : Self.resolve(String(parts[0]), in: folder)
            guard Checkout.exists(target) else {
                Issue.record("\(link): there is no \(target)")
                continue
            }
            guard parts.count > 1 else { continue }
            #expect(try MarkdownPage.at(target).anchors.contains(String(parts[1])), "\(link): no such heading")
        }
    }

    @Test(arguments: MarkdownPage.all) func `Paths in backticks exist`(path: String) throws {
        let tops = ["Benchmarks", "Sources", "Tests", "charts", "crds", "docs", "examples", "manifests"]
        for code in try MarkdownPage.at(path).code {
            let parts = code.text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count > 1, tops.contains(String(parts[0])), !code.text.contains(#/[ …*<]/#) else { continue }
            #expect(Checkout.exists(code.text), "\(code)")
        }
    }

    @Test(arguments: MarkdownPage.all) func `Targets of make exist`(path: String) throws {
        let makefile = try Checkout.read("Makefile").split(separator: "\n")
        let page = try MarkdownPage.at(path)
        let lines = page.code.map(\.text) + page.blocks.flatMap(\.lines)
        for line in lines {
            guard let call = line.prefixMatch(of: #/(?:\$ )?(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)/#) else { continue }
            #expect(makefile.contains { $0.hasPrefix("\(call.output.1):") }, "\(path): \(line)")
        }
    }

    @Test func `The index has every page of the docs, once`() throws {
        let links = try MarkdownPage.at("docs/README.md").links.map { String($0.text.prefix { $0 != "#" }) }
        let pages = Checkout.files(under: "docs").filter { $0.hasSuffix(".md") && $0 != "docs/README.md" }
        for page in pages {
            #expect(links.filter { $0 == page.dropFirst("docs/".count) }.count == 1, "\(page)")
        }
    }

    /// The path from the root that a relative link names.
    private static func resolve(_ link: String, in folder: ArraySlice<Substring>) -> String {
        link.split(separator: "/").reduce(into: Array(folder)) { path, part in
            if part == ".." { path.removeLast() } else if part != "." { path.append(part) }
        }.joined(separator: "/")
    }
}
