/// What Prometheus would refuse in the `headers` of remote write and remote read.
enum HeaderChecks {
    /// What is wrong with headers, one message each, in the order of their names.
    static func problems(_ headers: [String: String]) -> [String] {
        headers.sorted { $0.key < $1.key }.flatMap { name, value -> [String] in
            var problems: [String] = []
            if name.isEmpty || !name.utf8.allSatisfy(isTokenByte) {
                problems.append("\"\(name)\" is no header name")
            } else if reserved.contains(name.lowercased()) {
                problems.append("\"\(name)\" is set by Prometheus itself")
            }
            if value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
                problems.append("the value of \"\(name)\" has a control character in it")
            }
            return problems
        }
    }

    private static let reserved: Set<String> = [
        "authorization", "host", "content-encoding", "content-length", "content-type", "user-agent", "connection",
        "keep-alive", "proxy-authenticate", "proxy-authorization", "www-authenticate", "accept-encoding",
        "x-prometheus-remote-write-version", "x-prometheus-remote-read-version",
        "x-amz-date", "x-amz-security-token", "x-amz-content-sha256",
    ]

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
