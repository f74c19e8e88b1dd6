import Logging
import NIOCore
import Observability

/// Relays writes: forces the label of the tenant on a message, sends it on and returns the answer.
final class Relay: Sendable {
    let configuration: RelayConfiguration
    let admission: Admission
    private let replicas: Replicas
    private let requests: Counter
    private let series: Counter

    init(_ configuration: RelayConfiguration, registry: MetricsRegistry, logger: Logger) {
        self.configuration = configuration
        let admission = Admission(requests: configuration.maximumRequests, bytes: configuration.memory)
        self.admission = admission
        replicas = Replicas(configuration, registry: registry, logger: logger)
        requests = registry.counter(
            "tributary_relay_requests_total", help: "Number of writes, partitioned by the status of the answer.",
            labels: ["code"])
        series = registry.counter(
            "tributary_relay_series_total", help: "Number of series that were sent to the central Prometheus.")
        let current = registry.gauge("tributary_relay_requests", help: "Number of writes that are being served.")
        registry.beforeScrape { current.set(to: Double(admission.count)) }
    }

    func shutdown() async { await replicas.shutdown() }

    func count(_ answer: RelayAnswer) { requests.increment("\(answer.status)") }

    /// The answer to a write with a compressed body.
    func answer(_ request: RelayRequest, _ body: ByteBuffer, _ ticket: Admission.Ticket) async -> RelayAnswer {
        switch changed(request, body, ticket) {
        case .failure(let refusal): return refusal.answer
        case .success(let compressed): return await replicas.send(compressed, for: request)
        }
    }

    /// The compressed message with the label of the tenant, or as it is if no label is forced.
    private func changed(
        _ request: RelayRequest, _ body: ByteBuffer, _ ticket: Admission.Ticket
    ) -> Result<[UInt8], RelayRequest.Refusal> {
        let limit = configuration.maximumMessageBytes
        return body.withUnsafeReadableBytes { bytes in
            guard let size = SnappyBlock.size(of: bytes) else {
                return .failure(.init(400, "the body is not compressed by Snappy"))
            }
            guard size <= limit else { return .failure(.init(.tooLarge(limit))) }
            // The label is long in comparison with the shortest series.
            let room = min(limit, 4 * size + (64 << 10))
            guard ticket.reserve(max(size, bytes.count) + 2 * room) else { return .failure(.init(.busy)) }
            guard let name = configuration.label else { return .success(Array(bytes)) }
            guard let message = SnappyBlock.decompressed(bytes, size: size) else {
                return .failure(.init(400, "the body is not compressed by Snappy"))
            }
            let label = TenantLabel(name: name, id: request.tenant)
            do throws(RewriteFault) {
                let result = try label.forced(on: message, request.version, limit: room)
                series.increment(by: Double(result.series))
                return .success(SnappyBlock.compressed(result.bytes))
            } catch {
                switch error {
                case .malformed(let problem): return .failure(.init(400, "not a remote write: \(problem)"))
                case .tooLong(let limit):
                    return .failure(.init(413, "with the tenant label the message is longer than \(limit) bytes"))
                }
            }
        }
    }
}
