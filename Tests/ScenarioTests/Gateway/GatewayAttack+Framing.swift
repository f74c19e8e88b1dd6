extension GatewayAttack {
    /// A request for the server behind the gateway, hidden in the body of another.
    private static let hidden =
        "POST /api/v1/receive HTTP/1.1\r\nHost: b\r\nTHANOS-TENANT: b\r\nContent-Length: 1\r\n\r\nx"

    /// Requests whose end the gateway and the server behind it might see at different places.
    static let framings: [GatewayAttack] = bodies.flatMap(both) + whole

    /// What the bodies are called, the headers and the bytes behind them.
    private static let bodies: [(name: String, headers: String, body: String)] =
        [
            ("both lengths", "Content-Length: 4\r\nTransfer-Encoding: chunked", "0\r\n\r\n\(hidden)"),
            ("both lengths, the other first", "Transfer-Encoding: chunked\r\nContent-Length: 4", "0\r\n\r\n\(hidden)"),
            ("two lengths", "Content-Length: 1\r\nContent-Length: \(hidden.utf8.count)", "\(hidden)"),
            (
                "two lengths, the longer first", "Content-Length: \(hidden.utf8.count + 1)\r\nContent-Length: 1",
                "x\(hidden)"
            ),
            ("a list of lengths", "Content-Length: 1, 1", "x\(hidden)"),
            ("a length with a sign", "Content-Length: +1", "x\(hidden)"),
            ("a negative length", "Content-Length: -1", "x\(hidden)"),
            ("a hexadecimal length", "Content-Length: 0x1", "x\(hidden)"),
            ("a length with a blank inside", "Content-Length: 1 0", "x\(hidden)"),
            ("an enormous length", "Content-Length: 99999999999999999999", "x\(hidden)"),
            ("a length with an underscore", "Content_Length: 1\r\nContent-Length: 0", "\(hidden)"),
            ("a length of nothing", "Content-Length:", "\(hidden)"),
            ("no length", "X: 1", "\(hidden)"),
            ("another encoding", "Transfer-Encoding: identity", "\(hidden)"),
            ("an unknown encoding", "Transfer-Encoding: xchunked\r\nContent-Length: 1", "x\(hidden)"),
            ("two encodings", "Transfer-Encoding: gzip, chunked", "0\r\n\r\n\(hidden)"),
            ("two headers with encodings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "0\r\n\r\n\(hidden)"),
            ("an encoding after a tab", "Transfer-Encoding:\tchunked\r\nContent-Length: 4", "0\r\n\r\n\(hidden)"),
            (
                "an encoding after a vertical tab", "Transfer-Encoding:\u{0B}chunked\r\nContent-Length: 4",
                "0\r\n\r\n\(hidden)"
            ),
            ("a blank before the colon", "Transfer-Encoding : chunked\r\nContent-Length: 4", "0\r\n\r\n\(hidden)"),
            ("a folded encoding", "Transfer-Encoding:\r\n chunked\r\nContent-Length: 4", "0\r\n\r\n\(hidden)"),
            ("an encoding in quotes", "Transfer-Encoding: \"chunked\"\r\nContent-Length: 4", "0\r\n\r\n\(hidden)"),
            (
                "an encoding behind a lone line feed", "X: 1\nTransfer-Encoding: chunked\r\nContent-Length: 4",
                "0\r\n\r\n\(hidden)"
            ),
            ("an encoding with an underscore", "Transfer_Encoding: chunked\r\nContent-Length: 4", "0\r\n\r\n\(hidden)"),
            ("encodings that differ in case", "transfer-encoding: CHUNKED\r\nContent-Length: 4", "0\r\n\r\n\(hidden)"),
            ("a chunk with an extension", "Transfer-Encoding: chunked", "1;x=\(hidden)\r\nx\r\n0\r\n\r\n"),
            ("a chunk with a line feed in its extension", "Transfer-Encoding: chunked", "1;\nx\r\n0\r\n\r\n\(hidden)"),
            ("a chunk size with a sign", "Transfer-Encoding: chunked", "+1\r\nx\r\n0\r\n\r\n\(hidden)"),
            ("a chunk size with 0x", "Transfer-Encoding: chunked", "0x1\r\nx\r\n0\r\n\r\n\(hidden)"),
            (
                "a chunk size that overflows", "Transfer-Encoding: chunked",
                "10000000000000001\r\nx\r\n0\r\n\r\n\(hidden)"
            ),
            ("a chunk that is longer than its size", "Transfer-Encoding: chunked", "1\r\nxxx\r\n0\r\n\r\n\(hidden)"),
            ("chunks with lone line feeds", "Transfer-Encoding: chunked", "1\nx\n0\n\n\(hidden)"),
            (
                "trailers", "Transfer-Encoding: chunked\r\nTrailer: THANOS-TENANT",
                "1\r\nx\r\n0\r\nTHANOS-TENANT: b\r\n\r\n"
            ),
            (
                "trailers with a credential", "Transfer-Encoding: chunked",
                "1\r\nx\r\n0\r\nAuthorization: Bearer b\r\n\r\n"
            ),
            ("a second request behind the first", "Content-Length: 1", "x\(hidden)"),
            ("many blank lines before a second request", "Content-Length: 1", "x\r\n\r\n\r\n\(hidden)"),
            ("a body that ends early", "Content-Length: 500", "\(hidden)"),
        ]

    private static func both(_ name: String, _ headers: String, _ body: String) -> [GatewayAttack] {
        let read = "/tenants/read/api/v1/query?query=up"
        return [
            GatewayAttack(
                name: "write with \(name)",
                text: "POST /tenants/write HTTP/1.1\r\nHost: g\r\n\(writeCredential)\(headers)\r\n\r\n\(body)"),
            GatewayAttack(
                name: "read with \(name)",
                text: "GET \(read) HTTP/1.1\r\nHost: g\r\n\(readCredential)\(headers)\r\n\r\n\(body)"),
        ]
    }

    private static let whole: [GatewayAttack] =
        [
            GatewayAttack(name: "HTTP/0.9", text: "GET /tenants/read/api/v1/query?query=up\r\n"),
            GatewayAttack(
                name: "HTTP/1.0 with chunks",
                text:
                    "POST /tenants/write HTTP/1.0\r\n\(writeCredential)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n\(hidden)"
            ),
            GatewayAttack(
                name: "HTTP/2 without an upgrade", text: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\(hidden)"),
            GatewayAttack(
                name: "HTTP/1.2", text: "GET /tenants/read/api/v1/query HTTP/1.2\r\nHost: g\r\n\(readCredential)\r\n"),
            GatewayAttack(
                name: "no Host", text: "GET /tenants/read/api/v1/query HTTP/1.1\r\n\(readCredential)\r\n"),
            GatewayAttack(name: "a request without a credential", text: hidden),
        ]
}
