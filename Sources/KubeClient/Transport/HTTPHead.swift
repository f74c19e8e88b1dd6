/// The status and the header fields of a response.
struct HTTPHead: Sendable, Hashable {
    var status: Int
    var headers = HTTPHeaders()

    /// The media type without parameters, in lower case; nil if the server sends none.
    var mediaType: String? { HTTPHead.mediaType(of: headers) }

    static func mediaType(of headers: HTTPHeaders) -> String? {
        guard let value = headers["content-type"] else { return nil }
        return String(value.prefix { $0 != ";" && $0 != " " }).lowercased()
    }
}
