import Kube
import Observability
import Testing
import Topology

@testable import StatusPage

@Suite("The page's files") struct StatusPageTests {
    private func answer(_ path: String, query: String = "", known: String? = nil) async -> RequestHandler.Response? {
        let page = StatusPage { Topology() }
        switch page.pages.answer(.init(path: path[...], query: query[...], known: known)) {
        case .now(let response): return response
        case .later(let work): return await work()
        case nil: return nil
        }
    }

    @Test(arguments: ["/", "/page.css", "/page.js", "/icon.svg", "/topology"])
    func `Each file of the page allows nothing from elsewhere and no inline code`(path: String) async throws {
        let response = try #require(await answer(path))
        let policy = try #require(response.headers.first { $0.name == "Content-Security-Policy" }?.value)
        #expect(policy.hasPrefix("default-src 'none'; "))
        #expect(!policy.contains("unsafe") && !policy.contains("*") && !policy.contains("http"))
        #expect(response.status == 200 && response.closes && !response.body.isEmpty)
    }

    @Test func `The document of the page has no code, no style and no address of its own`() async throws {
        let document = try #require(await answer("/")?.body)
        #expect(document.matches(of: /\son[a-z]+=/).isEmpty && document.matches(of: /\sstyle=/).isEmpty)
        #expect(document.matches(of: /<script(?! src="page.js")/).isEmpty && !document.contains("<style"))
        #expect(!document.contains("://"))
        let program = try #require(await answer("/page.js")?.body)
        for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "://"] {
            #expect(!program.contains(word), "\(word)")
        }
    }

    @Test func `An answer of the page that is known already is not sent again`() async throws {
        let first = try #require(await answer("/topology"))
        let tag = try #require(first.headers.first { $0.name == "ETag" }?.value)
        let again = try #require(await answer("/topology", known: tag))
        #expect(again.status == 304 && again.body == "")
        #expect(await answer("/topology", known: "\"0\"")?.status == 200)
    }

    @Test(arguments: ["/page.html", "/Resources/page.js", "/topology/", "/../etc/passwd", "//", ""])
    func `The page has no other files`(path: String) async {
        #expect(await answer(path) == nil)
    }
}
