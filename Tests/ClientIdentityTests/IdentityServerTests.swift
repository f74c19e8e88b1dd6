import Observability
import TestSupport
import Testing

@testable import ClientIdentity

@Suite(
    "The reader of client certificates", .enabled(if: CertificateAuthority.isPossible, "openssl is not installed"),
    .timeLimit(.minutes(2)))
struct IdentityServerTests {
    private static let uri = "spiffe://example.org/ns/shop/sa/agent"

    /// Runs a test with an authority.
    private func with(_ body: (CertificateAuthority) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        try await body(try await CertificateAuthority.make(in: directory, "ca"))
    }

    /// A certificate with these alternative names, as nginx escapes it.
    private func escaped(_ names: String?, _ authority: CertificateAuthority) async throws -> String {
        let extensions = names.map { "subjectAltName=\($0)" } ?? "extendedKeyUsage=clientAuth"
        let path = try await authority.issue("client", subject: "/CN=a", extensions: extensions)
        return Self.escape(try TemporaryDirectory.read("\(path).crt"))
    }

    /// A certificate with these URIs, whatever bytes they have.
    private func escaped(uris: [String], _ authority: CertificateAuthority) async throws -> String {
        func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
            let (high, low) = (UInt8(content.count >> 8), UInt8(content.count & 255))
            return [tag] + (content.count < 128 ? [low] : [0x82, high, low]) + content
        }
        let names = element(0x30, uris.flatMap { element(0x86, Array($0.utf8)) })
        let digits = names.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return try await escaped("DER:\(digits)", authority)
    }

    private static func escape(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            let letter = Character(Unicode.Scalar(byte))
            let isPlain = byte < 0x80 && (letter.isLetter || letter.isNumber || "-._~".contains(letter))
            result += isPlain ? String(letter) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }

    @Test func `The one URI of a certificate is told as it is`() async throws {
        try await with { authority in
            for uri in [
                Self.uri, "spiffe://example.org/%61", "SPIFFE://EXAMPLE.ORG/x", "urn:tenant:a",
                "https://[::1]:1/?a=b&c#d",
                "x:" + String(repeating: "a", count: 1022),
            ] {
                #expect(IdentityAnswer(escaped: try await escaped(uris: [uri], authority)) == .uri(uri))
            }
            let among = try await escaped("DNS:a.example.org,URI:\(Self.uri),email:a@example.org", authority)
            #expect(IdentityAnswer(escaped: among) == .uri(Self.uri))
        }
    }

    @Test func `A certificate without a URI, with several or with one that could be read otherwise is refused`()
        async throws
    {
        try await with { authority in
            func expect(_ names: String?, _ refusal: IdentityAnswer.Refusal) async throws {
                let answer = IdentityAnswer(escaped: try await escaped(names, authority))
                #expect(answer == .refused(refusal), "\(names ?? "none")")
            }
            try await expect(nil, .none)
            try await expect("DNS:a", .none)
            try await expect("otherName:1.2.3.4;UTF8:\(Self.uri)", .none)
            try await expect("URI:\(Self.uri),URI:urn:b", .several)
            try await expect("URI:\(Self.uri),URI:\(Self.uri)", .several)
            for uri in [
                "", "nothing", "x:", ":x", "1:x", "x:a b", "x:$host", "x:a|b", "x:a\\b", "x:\"", "x:{a}", "x:ä",
                "x:a\nb",
                "x:a\0b", "x:a\r\nX-Tributary-URI: b", "x:" + String(repeating: "a", count: 1023),
            ] {
                let answer = IdentityAnswer(escaped: try await escaped(uris: [uri], authority))
                #expect(answer == .refused(.uri), "\(uri.debugDescription)")
            }
            try await expect("DER:3007860578", .certificate)
        }
    }

    @Test func `What is not exactly one certificate of nginx is refused`() async throws {
        try await with { authority in
            let right = try await escaped("URI:\(Self.uri)", authority)
            #expect(IdentityAnswer(escaped: right) == .uri(Self.uri))
            #expect(IdentityAnswer(escaped: "") == .refused(.certificate))
            #expect(IdentityAnswer(escaped: right + right) == .refused(.request))
            #expect(IdentityAnswer(escaped: right + "%0") == .refused(.request))
            #expect(IdentityAnswer(escaped: right + "%gg") == .refused(.request))
            #expect(IdentityAnswer(escaped: right.replacing("%2B", with: "+") + "\n") == .refused(.request))
            // Not in the middle of an escape sequence.
            var cut = right.dropLast(100)
            while cut.suffix(2).contains("%") { cut = cut.dropLast() }
            #expect(IdentityAnswer(escaped: String(cut)) == .refused(.certificate))
        }
    }

    @Test func `The server answers one question at a time, and no others`() async throws {
        try await with { authority in
            let right = try await escaped("URI:\(Self.uri)", authority)
            let server = IdentityServer(registry: MetricsRegistry(), health: Health())
            let port = try await server.start(on: try #require(try BindAddress.parse("127.0.0.1:0")))
            func ask(_ headers: [String], target: String = "GET /identify") async throws -> String {
                let lines = ["\(target) HTTP/1.1", "Host: identity", "Connection: close"] + headers
                return try await exchange(
                    Array((lines.map { "\($0)\r\n" }.joined() + "\r\n").utf8), port: port)
            }
            let header = "\(IdentityServer.certificateHeader): "
            let answer = try await ask([header + right])
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("\r\nX-Tributary-URI: \(Self.uri)\r\n"))
            for refused in [[], [header], [header + right, header + right], ["X-Tributary-URI: urn:b"]] {
                let answer = try await ask(refused)
                #expect(answer.hasPrefix("HTTP/1.1 403 ") && !answer.contains("X-Tributary-URI"), "\(answer)")
            }
            #expect(try await ask([header + right], target: "GET /").hasPrefix("HTTP/1.1 404 "))
            #expect(try await ask([header + right], target: "POST /identify").hasPrefix("HTTP/1.1 405 "))
            // As large as TLS permits.
            let large = try await ask([header + String(repeating: "%41", count: 50_000)])
            #expect(large.hasPrefix("HTTP/1.1 403 "))
            await server.stop()
        }
    }
}
