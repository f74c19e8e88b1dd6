import Glibc
import Kube
import Testing

@testable import Observability

@Suite("Further pages of the observability server") struct FurtherPagesTests {
    /// Runs a server with pages on a free loopback port while a closure runs.
    private func withServer(_ pages: FurtherPages, _ body: @Sendable (Int) async throws -> Void) async throws {
        try await ObservabilityServer(metrics: nil, health: Health(), pages: pages, limits: .init())
            .serveAnyPort(while: body)
    }

    private static let pages = FurtherPages { request in
        switch request.path {
        case "/": .now(.init(status: 200, body: "page \(request.query)", closes: true))
        case "/later":
            .later {
                await Task.yield()
                return .init(status: request.known == "\"1\"" ? 304 : 200, body: "later", headers: [("ETag", "\"1\"")])
            }
        default: nil
        }
    }

    @Test func `Pages are served beside probes, to those who only read`() async throws {
        try await withServer(Self.pages) { port in
            #expect(try await Exchange.request("GET /?a=b HTTP/1.1", port: port).hasSuffix("\r\n\r\npage a=b"))
            #expect(try await Exchange.request("GET /later HTTP/1.1", port: port).hasSuffix("\r\n\r\nlater"))
            #expect(try await Exchange.request("GET /healthz HTTP/1.1", port: port).hasSuffix("\r\n\r\nok"))
            for path in ["/", "/later"] {
                for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
                    #expect(
                        try await Exchange.request("\(method) \(path) HTTP/1.1", port: port).hasPrefix("HTTP/1.1 405"))
                }
                let head = try await Exchange.request("HEAD \(path) HTTP/1.1", port: port)
                #expect(head.hasPrefix("HTTP/1.1 200") && head.hasSuffix("\r\n\r\n"))
            }
            #expect(try await Exchange.request("GET /other HTTP/1.1", port: port).hasPrefix("HTTP/1.1 404"))
        }
    }

    @Test func `What a browser has already is not sent again`() async throws {
        try await withServer(Self.pages) { port in
            let answer = try await Exchange.request("GET /later HTTP/1.1\r\nIf-None-Match: \"1\"", port: port)
            #expect(
                answer.hasPrefix("HTTP/1.1 304") && answer.hasSuffix("\r\n\r\n") && !answer.contains("Content-Length"))
        }
    }

    @Test func `A page leaves no connection open, and probes are answered while one is being made`() async throws {
        let isFree = Locked(false)
        let pages = FurtherPages { request in
            guard request.path == "/slow" else { return Self.pages.answer(request) }
            return .later {
                while !isFree.withLock({ $0 }) { await Task.yield() }
                return .init(status: 200, body: "slow", closes: true)
            }
        }
        try await withServer(pages) { port in
            let slow = try Exchange.connect(port: port)
            defer { Glibc.close(slow) }
            try Exchange.write("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", to: slow)
            #expect(try await Exchange.request("GET /healthz HTTP/1.1", port: port).hasSuffix("ok"))
            isFree.withLock { $0 = true }
            // It ends when the server closes it, although the client asked to keep it.
            let answer = try await Exchange.read(from: slow, until: nil)
            #expect(answer.contains("Connection: close\r\n") && answer.hasSuffix("slow"))
        }
    }
}
