import Kube

/// A client of HTTP servers that are no API servers. Its requests share connections, have no credentials but those
/// that they are given, use no proxy, follow no redirects and are never repeated.
public final class PlainClient: Sendable {
    private let loop = CurlLoop()

    /// Creates a client, which starts its own thread and connects on the first request.
    public init() {}

    /// Sends a body by `POST` and returns the response, whatever its status.
    ///
    /// The certificate of the server is checked with the authorities in a file, or those of the system. Of the body of the
    /// response at most some bytes are read. Header fields should have no line breaks. Throws
    /// ``KubeClientError`` if there is no response within a limit, and `CancellationError`.
    public func post(
        _ url: String, headers: [(String, String)], userAgent: String, body: [UInt8], authoritiesFile: String? = nil,
        within limit: Duration, responseLimit: Int
    ) async throws -> HTTPResponse {
        let authorities = try authoritiesFile.map { path throws(KubeClientError) in
            try FileReading.read(path, as: "certificate authorities")
        }
        let connection = ConnectionSettings(authorities: authorities, allowsCompression: false)
        let request = TransferRequest(
            method: "POST", url: url, headers: headers.map { "\($0.0): \($0.1)" }, body: body,
            mode: .stream(highMark: max(responseLimit, 16 * 1024)), connection: connection,
            limits: TimeLimits(connect: min(limit, .seconds(5)), total: limit), userAgent: userAgent)
        let transfer = Transfer.start(request, on: loop)
        // Without effect on a transfer that has ended.
        defer { transfer.cancel(CancellationError()) }
        do {
            let head = try await transfer.head()
            var received: [UInt8] = []
            while received.count <= responseLimit, let bytes = try await transfer.nextChunk() { received += bytes }
            return HTTPResponse(head, Array(received.prefix(responseLimit)))
        } catch let failure as TransferFailure {
            throw KubeClientError(failure.kind, subject: "POST \(url)", failure.problem)
        }
    }

    /// The header field for basic authentication with a user name and a password from files, without white space at their
    /// ends. Throws ``KubeClientError`` if there is no such file.
    public static func authorization(
        usernameFile: String, passwordFile: String
    ) throws(KubeClientError) -> (String, String) {
        func text(_ path: String, _ what: String) throws(KubeClientError) -> String {
            let bytes = try FileReading.read(path, as: what)
            let isSpace = { (byte: UInt8) in byte <= 0x20 }
            let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? 0
            return String(decoding: bytes[..<end].drop(while: isSpace), as: UTF8.self)
        }
        let name = try text(usernameFile, "user name")
        let password = try text(passwordFile, "password")
        return ("Authorization", BasicAuthorization.value(username: name, password: password))
    }

    /// Ends all requests and closes all connections. Later requests fail immediately.
    public func shutdown() async { await loop.stop() }
}
