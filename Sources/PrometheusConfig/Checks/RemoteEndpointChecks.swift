import Kube

/// Checks the settings that remote write and remote read have in common.
enum RemoteEndpointChecks {
    /// The problems of a URL.
    static func problems(url: String) -> [FieldError] {
        var problems: [String] = []
        if !HTTPURL.isValid(url, schemes: ["http", "https"]) {
            problems.append("\"\(ConfigRedaction.redactedURL(url))\" should be http://host… or https://host…")
        }
        let authority = url.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        if authority.contains("@") { problems.append("contains credentials, which should be in a Secret") }
        return problems.map { FieldError(FieldPath("url"), $0) }
    }

    /// The problems of headers, in the order of their names.
    static func problems(headers: [String: String]) -> [FieldError] {
        let problems = headers.sorted { $0.key < $1.key }.flatMap { name, value -> [String] in
            var problems: [String] = []
            if name.isEmpty || !name.utf8.allSatisfy(isTokenByte) {
                problems.append("\"\(name)\" is not a valid header name")
            } else if ReservedHeader.isReserved(name) {
                problems.append("\"\(name)\" is set by Prometheus itself")
            }
            if value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
                problems.append("the value of \"\(name)\" contains a control character")
            }
            return problems
        }
        return problems.map { FieldError(FieldPath("headers"), $0) }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
