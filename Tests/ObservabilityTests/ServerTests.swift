import Glibc
import Kube
import Testing

@testable import Observability

@Suite("Observability server") struct ServerTests {
    let metrics = MetricsRegistry()
    let health = Health()

    /// Runs a server on a free loopback port while a closure runs.
    func withServer(
        _ limits: ObservabilityServer.Limits = .init(), _ body: @Sendable (Int) async throws -> Void
    ) async throws {
        try await ObservabilityServer(metrics: metrics, health: health, limits: limits)
            .serveAnyPort(while: body)
    }

    @Test func `The server serves metrics and probes`() async throws {
        metrics.counter("c_total", help: "C.").increment()
        health.add("leader", to: .readiness) { throw HealthTests.Broken() }
        try await withServer { port in
            let scrape = try await Exchange.request("GET /metrics HTTP/1.1", port: port)
            #expect(scrape.contains("HTTP/1.1 200 OK\r\n"))
            #expect(scrape.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
            #expect(scrape.hasSuffix("\r\n\r\n# HELP c_total C.\n# TYPE c_total counter\nc_total 1\n"))
            #expect(try await Exchange.request("GET /healthz HTTP/1.1", port: port).hasSuffix("\r\n\r\nok"))
            #expect(try await Exchange.request("GET /readyz?verbose HTTP/1.1", port: port).hasPrefix("HTTP/1.1 500"))
            let excluded = try await Exchange.request("GET /readyz?exclude=leader HTTP/1.1", port: port)
            #expect(excluded.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `The server responds to HEAD without a body and refuses other methods and paths`() async throws {
        try await withServer { port in
            let head = try await Exchange.request("HEAD /healthz HTTP/1.1", port: port)
            #expect(head.contains("Content-Length: 2\r\n") && head.hasSuffix("\r\n\r\n"))
            let post = try await Exchange.request("POST /metrics HTTP/1.1", port: port)
            #expect(post.hasPrefix("HTTP/1.1 405") && post.contains("Allow: GET, HEAD\r\n"))
            for path in ["/", "/metricsx", "/healthzx", "//metrics", "/debug/pprof"] {
                #expect(try await Exchange.request("GET \(path) HTTP/1.1", port: port).hasPrefix("HTTP/1.1 404"))
            }
        }
    }

    @Test func `A request head that is too long is refused`() async throws {
        try await withServer { port in
            let answer = try await Exchange.request(
                "GET /metrics HTTP/1.1\r\nX: \(String(repeating: "x", count: 40_000))", port: port)
            #expect(!answer.contains("200 OK"))
        }
    }

    @Test func `A silent connection is closed`() async throws {
        var limits = ObservabilityServer.Limits()
        limits.idle = .milliseconds(50)
        try await withServer(limits) { port in
            let answer = try await Exchange.send("GET /healthz HT", port: port)
            #expect(answer == "")
        }
    }

    @Test func `Connections beyond the limit are closed`() async throws {
        var limits = ObservabilityServer.Limits()
        limits.connections = 1
        try await withServer(limits) { port in
            let first = try Exchange.connect(port: port)
            defer { close(first) }
            // Once the server has responded on it, it has counted the first connection.
            try Exchange.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", to: first)
            let answer = try await Exchange.read(from: first, until: "ok")
            #expect(answer.hasSuffix("ok"))
            let second = try await Exchange.request("GET /healthz HTTP/1.1", port: port)
            #expect(second == "")
        }
    }

    @Test func `A port in use is reported as an error`() async throws {
        try await withServer { port in
            let second = ObservabilityServer(metrics: nil, health: health)
            let error = await #expect(throws: ObservabilityServer.BindFailure.self) {
                try await second.start(on: BindAddress(host: "127.0.0.1", port: port))
            }
            #expect(error?.description == "cannot listen on 127.0.0.1:\(port): Address already in use")
        }
    }

    @Test(arguments: [
        (":8080", ":8080"), ("127.0.0.1:0", "127.0.0.1:0"), ("[::1]:9", "[::1]:9"), ("0", "nil"), ("", "nil"),
    ])
    func `Bind addresses have the syntax of Go programs`(text: String, expected: String) throws {
        let address = try BindAddress.parse(text)
        #expect((address?.description ?? "nil") == expected)
    }

    @Test(arguments: ["8080", "host", "::1:80", "host:99999", "host:"])
    func `A text that is not a bind address is refused`(text: String) {
        #expect(throws: BindAddress.Fault.self) { try BindAddress.parse(text) }
    }
}

/// A client on loopback with blocking sockets, each on its own thread and with a time limit.
enum Exchange {
    struct Failure: Error { var call: String }

    static func request(_ head: String, port: Int) async throws -> String {
        try await send("\(head)\r\nHost: localhost\r\nConnection: close\r\n\r\n", port: port)
    }

    /// Sends a text and reads until the server closes the connection.
    static func send(_ text: String, port: Int) async throws -> String {
        let descriptor = try connect(port: port)
        defer { close(descriptor) }
        try? write(text, to: descriptor)
        return try await read(from: descriptor, until: nil)
    }

    static func connect(port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(call: "connect") }
        return descriptor
    }

    static func write(_ text: String, to descriptor: Int32) throws {
        let bytes = Array(text.utf8)
        guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(call: "send")
        }
    }

    /// Reads until the text has this end, or the server closes the connection.
    static func read(from descriptor: Int32, until end: String?) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            let work = Locked<(@Sendable () -> Void)?> {
                var text = ""
                var buffer = [UInt8](repeating: 0, count: 65536)
                while end.map({ !text.hasSuffix($0) }) ?? true {
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    if count > 0 {
                        text += String(decoding: buffer[..<count], as: UTF8.self)
                    } else if count == 0 || errno == ECONNRESET {
                        break
                    } else {
                        continuation.resume(throwing: Failure(call: "recv"))
                        return
                    }
                }
                continuation.resume(returning: text)
            }
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    let work = Unmanaged<Locked<(@Sendable () -> Void)?>>.fromOpaque(argument).takeRetainedValue()
                    work.withLock { $0 }?()
                    return nil
                }, Unmanaged.passRetained(work).toOpaque())
            pthread_detach(thread)
        }
    }
}
