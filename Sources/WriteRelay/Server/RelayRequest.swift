import NIOCore
import NIOHTTP1

/// The head of a write that may be relayed.
struct RelayRequest: Sendable {
    /// The tenant's id.
    var tenant: String
    var version: RemoteWriteVersion
    var userAgent: String?
    /// The version of the protocol as the sender writes it.
    var writtenVersion: String?

    /// Reads the head of a request. Throws the answer to one that is refused.
    init(_ head: HTTPRequestHead, _ configuration: RelayConfiguration) throws(Refusal) {
        guard head.uri == RelayConfiguration.path else { throw Refusal(404, "not found") }
        guard head.method == .POST else {
            throw Refusal(405, "method not allowed", [.init(name: "Allow", value: "POST")])
        }
        let headers = head.headers
        let tenants = headers[RelayConfiguration.tenantHeader]
        guard tenants.count == 1, let tenant = tenants.first, Self.isID(tenant) else {
            throw Refusal(403, "the header \(RelayConfiguration.tenantHeader) should have the id of one tenant")
        }
        guard headers["Content-Encoding"].map({ $0.lowercased() }) == ["snappy"] else {
            throw Refusal(415, "the Content-Encoding should be snappy")
        }
        let types = headers["Content-Type"]
        guard types.count == 1, let version = types.first.flatMap(RemoteWriteVersion.init(contentType:)) else {
            throw Refusal(415, "the Content-Type should be that of remote write")
        }
        guard version == .first || configuration.acceptsSecondVersion else {
            throw Refusal(415, "the central Prometheus does not know remote write 2.0: send remote write 1.0")
        }
        if let length = headers.first(name: "Content-Length").flatMap({ Int($0) }),
            length > configuration.maximumMessageBytes
        {
            throw Refusal(.tooLarge(configuration.maximumMessageBytes))
        }
        self.tenant = tenant
        self.version = version
        userAgent = Self.text(headers, "User-Agent")
        writtenVersion = Self.text(headers, "X-Prometheus-Remote-Write-Version")
    }

    /// A request that is refused, with the answer to it.
    struct Refusal: Error {
        var answer: RelayAnswer

        init(_ answer: RelayAnswer) { self.answer = answer }

        init(_ status: Int, _ problem: String, _ headers: [RelayAnswer.Header] = []) {
            answer = .refused(status, problem)
            answer.headers = headers
        }
    }

    /// Whether a text can be a tenant's id. A comma would be in a header that was sent twice.
    private static func isID(_ text: String) -> Bool {
        (1...150).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") }
    }

    /// A header field that can be sent on; nil for none.
    private static func text(_ headers: HTTPHeaders, _ name: String) -> String? {
        headers.first(name: name).flatMap { text in
            text.utf8.count <= 256 && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? text : nil
        }
    }
}
