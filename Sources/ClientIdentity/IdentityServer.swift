import Kube
import NIOHTTP1
public import Observability

/// Tells the nginx of the same pod which URI a client certificate has: nginx has no variable for alternative names.
///
/// nginx has verified the certificate before. The answer is a fact about the certificate and decides nothing by itself.
public final class IdentityServer: Sendable {
    /// The path of the question.
    public static let path = "/identify"
    /// The header of the question, with the certificate as nginx escapes it.
    public static let certificateHeader = "X-Tributary-Client-Certificate"
    /// The header of the answer, with the URI.
    public static let uriHeader = "X-Tributary-URI"

    /// A TLS handshake takes chains of 100 KiB; escaped, a certificate is longer by half.
    private static let headerBytes = 192 << 10

    private let listener = HTTPListener(limits: .init(connections: 256, headerBytes: headerBytes))
    private let requests: Counter
    private let isDraining = Locked(false)

    /// The process is ending.
    struct Draining: Error {}

    /// Creates a server, which adds its metrics to a registry and its readiness to a health.
    public init(registry: MetricsRegistry, health: Health) {
        requests = registry.counter(
            "tributary_identity_requests_total",
            help: "Number of client certificates, partitioned by what was found in them.", labels: ["result"])
        let isDraining = isDraining
        health.add("serving", to: .readiness) { if isDraining.withLock(\.self) { throw Draining() } }
    }

    /// Starts listening and returns the port; throws `ObservabilityServer.BindFailure`.
    public func start(on address: BindAddress) async throws -> Int {
        let requests = requests
        // nginx keeps its unused connections for 60 seconds.
        return try await listener.start(on: address) {
            RequestHandler(bodyBytes: 0, idle: .seconds(120)) { head in
                let (response, result) = Self.response(to: head)
                requests.increment(result)
                return response
            }
        }
    }

    /// Ends after a while, in which nginx still asks for the requests that it has.
    public func stop(after delay: Duration = .zero) async {
        isDraining.withLock { $0 = true }
        // A cancelled sleep ends at once.
        try? await Task.sleep(for: delay, clock: .continuous)
        await listener.stop()
    }

    private static func response(to head: HTTPRequestHead) -> (RequestHandler.Response, result: String) {
        guard head.uri == path else { return (.init(status: 404, body: "not found\n"), "not-found") }
        guard head.method == .GET else {
            return (.init(status: 405, body: "method not allowed\n", headers: [("Allow", "GET")]), "method")
        }
        let certificates = head.headers[certificateHeader]
        let answer =
            certificates.count == 1 ? IdentityAnswer(escaped: certificates[0]) : .refused(.request)
        switch answer {
        case .uri(let uri): return (.init(status: 200, body: "", headers: [(uriHeader, uri)]), "uri")
        case .refused(let refusal): return (.init(status: 403, body: "\(refusal.rawValue)\n"), "\(refusal)")
        }
    }
}
