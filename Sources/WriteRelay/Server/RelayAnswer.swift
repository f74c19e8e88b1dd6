/// What the relay answers to a request.
struct RelayAnswer: Sendable, Hashable {
    var status: Int
    /// A text of one line, or what the central Prometheus says.
    var body: String = ""
    /// Further header fields.
    var headers: [Header] = []

    struct Header: Sendable, Hashable {
        var name: String
        var value: String
    }

    static func refused(_ status: Int, _ problem: String) -> RelayAnswer {
        RelayAnswer(status: status, body: problem + "\n")
    }

    /// The relay has no room for the request now.
    static let busy = RelayAnswer(
        status: 503, body: "the relay is busy\n", headers: [Header(name: "Retry-After", value: "1")])

    static func tooLarge(_ limit: Int) -> RelayAnswer {
        .refused(413, "the message is longer than \(limit) bytes")
    }
}
