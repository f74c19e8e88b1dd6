/// A version of the remote-write protocol, which the content type names.
enum RemoteWriteVersion: Sendable, Hashable {
    /// `prometheus.WriteRequest`.
    case first
    /// `io.prometheus.write.v2.Request`.
    case second

    /// The version of a content type; nil if it is of none.
    init?(contentType: String) {
        switch contentType.lowercased().filter({ $0 != " " }) {
        case "application/x-protobuf", "application/x-protobuf;proto=prometheus.writerequest": self = .first
        case "application/x-protobuf;proto=io.prometheus.write.v2.request": self = .second
        default: return nil
        }
    }

    /// The content type of what is sent on.
    var contentType: String {
        switch self {
        case .first: "application/x-protobuf"
        case .second: "application/x-protobuf;proto=io.prometheus.write.v2.Request"
        }
    }
}
