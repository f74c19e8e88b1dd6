import Kube
import TestSupport

/// A receiver of remote writes that records the series it gets, as Mimir would get them.
///
/// The bodies are those of remote write 1.0: a protobuf `prometheus.WriteRequest`, compressed with the Snappy block
/// format.
struct RemoteWriteReceiver: Sendable {
    /// A received series, with the header that has its tenant.
    struct Received: Sendable, Hashable {
        var tenant: String?
        var labels: [String: String]
    }

    private let server: ScriptedServer
    private let state: Locked<Set<Received>>

    /// Starts a receiver that reads the tenant from a header.
    static func start(tenantHeader: String) async throws -> RemoteWriteReceiver {
        let state = Locked(Set<Received>())
        let server = try await ScriptedServer.start { request, reply in
            guard request.method == "POST", request.header("Content-Encoding") == "snappy",
                let body = Snappy.decoded(request.body)
            else { return try await reply.respond(400) }
            let tenant = request.header(tenantHeader)
            let series = WriteRequest.series(in: body)
            state.withLock { $0.formUnion(series.map { Received(tenant: tenant, labels: $0) }) }
            try await reply.respond(200)
        }
        return RemoteWriteReceiver(server: server, state: state)
    }

    var url: String { server.url }
    /// The paths that were written to.
    var paths: Set<String> { Set(server.requests.map(\.path)) }
    /// All series so far.
    var received: Set<Received> { state.withLock { $0 } }
    func stop() async { await server.stop() }
}

/// The Snappy block format, according to its format description.
private enum Snappy {
    static func decoded(_ bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        guard let length = rest.popVarint(), length < 64 << 20 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(Int(length))
        while let tag = rest.popFirst() {
            if tag & 3 == 0 {
                var count = Int(tag >> 2)
                if count >= 60 {
                    guard let more = rest.popLittleEndian(count - 59) else { return nil }
                    count = more
                }
                guard rest.count > count else { return nil }
                result += rest.prefix(count + 1)
                rest = rest.dropFirst(count + 1)
                continue
            }
            let (count, offset): (Int, Int?) =
                switch tag & 3 {
                case 1: (Int(tag >> 2 & 7) + 4, rest.popFirst().map { Int(tag >> 5) << 8 | Int($0) })
                case 2: (Int(tag >> 2) + 1, rest.popLittleEndian(2))
                default: (Int(tag >> 2) + 1, rest.popLittleEndian(4))
                }
            guard let offset, offset > 0, offset <= result.count else { return nil }
            for _ in 0..<count { result.append(result[result.count - offset]) }
        }
        return result.count == Int(length) ? result : nil
    }
}

/// The part of `prometheus.WriteRequest` with the series.
private enum WriteRequest {
    static func series(in message: [UInt8]) -> [[String: String]] {
        fields(1, of: message[...]).map { series in
            var labels: [String: String] = [:]
            for label in fields(1, of: series) {
                let texts = [1, 2].map { String(decoding: fields($0, of: label).first ?? [], as: UTF8.self) }
                labels[texts[0]] = texts[1]
            }
            return labels
        }
    }

    /// The values of a length-delimited field. Other fields are skipped.
    private static func fields(_ number: UInt64, of message: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var rest = message
        var values: [ArraySlice<UInt8>] = []
        while let key = rest.popVarint() {
            switch key & 7 {
            case 0: _ = rest.popVarint()
            case 1: rest = rest.dropFirst(8)
            case 5: rest = rest.dropFirst(4)
            default:
                let length = Int(rest.popVarint() ?? 0)
                if key >> 3 == number { values.append(rest.prefix(length)) }
                rest = rest.dropFirst(length)
            }
        }
        return values
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func popVarint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    fileprivate mutating func popLittleEndian(_ count: Int) -> Int? {
        guard self.count >= count else { return nil }
        let value = prefix(count).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        self = dropFirst(count)
        return value
    }
}
