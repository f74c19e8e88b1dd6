/// A complete response, whatever its status.
public struct HTTPResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The header fields.
    public var headers: HTTPHeaders
    /// The decompressed body.
    public var body: [UInt8]

    /// The media type without parameters, in lower case.
    public var mediaType: String? { HTTPHead.mediaType(of: headers) }
}

extension HTTPResponse {
    init(_ head: HTTPHead, _ body: [UInt8]) { self.init(status: head.status, headers: head.headers, body: body) }
}
