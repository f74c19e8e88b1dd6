#if canImport(Glibc)
import Glibc
#endif
import TestSupport

/// Sends requests to a server on loopback over a few connections, each as soon as the one before is answered.
struct LoopbackClient {
    let address: String
    let port: Int

    /// The bytes of a POST request.
    static func post(_ path: String, _ headers: [String] = [], body: [UInt8]) -> [UInt8] {
        Array(head("POST", path, headers + ["Content-Length: \(body.count)"]).utf8) + body
    }

    /// The bytes of a GET request.
    static func get(_ path: String, _ headers: [String] = []) -> [UInt8] { Array(head("GET", path, headers).utf8) }

    private static func head(_ method: String, _ path: String, _ headers: [String]) -> String {
        (["\(method) \(path) HTTP/1.1", "Host: gateway"] + headers).map { "\($0)\r\n" }.joined() + "\r\n"
    }

    /// Sends requests and returns their times. Throws if one is answered with another status.
    func send(_ count: Int, connections: Int, expecting status: Int, _ request: (Int) -> [UInt8]) throws -> Samples {
        var samples = Samples()
        let open = try (0..<min(connections, count)).map { _ in try LoopbackConnection(address, port) }
        for (index, connection) in open.enumerated() { try connection.send(request(index)) }
        var (sent, answered) = (open.count, 0)
        while answered < count {
            var waits = open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            guard poll(&waits, nfds_t(waits.count), 30_000) > 0 else {
                throw WaitingError(description: "\(address):\(port) does not answer")
            }
            for (connection, wait) in zip(open, waits) where wait.revents != 0 {
                guard let answer = try connection.receive() else { continue }
                guard answer.status == status else {
                    throw WaitingError(description: "status \(answer.status) instead of \(status): \(answer.body)")
                }
                samples.add(answer.time)
                answered += 1
                guard sent < count else { continue }
                try connection.send(request(sent))
                sent += 1
            }
        }
        return samples
    }

    /// Sends one request; nil if there is no answer.
    func ask(_ request: [UInt8]) -> LoopbackConnection.Answer? {
        do {
            let connection = try LoopbackConnection(address, port)
            try connection.send(request)
            while true {
                if let answer = try connection.receive() { return answer }
            }
        } catch {
            return nil
        }
    }
}
