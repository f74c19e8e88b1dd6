import Kube
import TestSupport

/// A limited number of faults for each thing that is asked for.
final class Attempts: Sendable {
    private let counts = Locked<[String: Int]>([:])

    /// The number of this attempt for the same thing, from 0. Watches and lists of the same objects are the same.
    func next(_ request: FaultProxy.Request) -> Int {
        let selector = request.query["labelSelector"] ?? ""
        return counts.withLock { counts in
            defer { counts["\(request.method) \(request.path) \(selector)", default: 0] += 1 }
            return counts["\(request.method) \(request.path) \(selector)"] ?? 0
        }
    }

    /// How many attempts there were in all.
    var total: Int { counts.withLock { $0.values.reduce(0, +) } }
}

extension FaultProxy.Fault {
    /// An answer of the API server that refuses.
    static func status(_ status: APIStatus, retryAfter: Int? = nil) -> Self {
        .answer(
            status.code,
            headers: [("Content-Type", "application/json")] + (retryAfter.map { [("Retry-After", "\($0)")] } ?? []),
            body: status.json.encoded())
    }

    /// An answer with 200 in which this stands instead of JSON of the API.
    static func accepted(_ body: String, type: String = "application/json") -> Self {
        .answer(200, headers: [("Content-Type", type)], body: Array(body.utf8))
    }
}

extension FaultProxy.Break {
    /// The end of a watch whose version the API server has forgotten.
    static var expired: Self {
        let status = APIStatus.expired("too old resource version: injected")
        return .end(last: (["type": "ERROR", "object": status.json] as JSON).encoded() + [0x0A])
    }
}
