extension KubeClient {
    /// Makes any request and returns the response, whatever its status.
    ///
    /// The path starts with a slash and is percent-encoded; the query is encoded here. Retries and credentials are as
    /// for other calls. Throws ``KubeClientError`` or `CancellationError`.
    public func raw(
        method: String, path: String, query: [(String, String)] = [], headers: [(String, String)] = [],
        body: [UInt8]? = nil
    ) async throws -> HTTPResponse {
        let subject = "\(method) \(cluster.server)\(path)"
        func isVisible(_ text: String) -> Bool { text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
        guard !method.isEmpty, method.utf8.allSatisfy({ ($0 | 0x20) > 0x60 && ($0 | 0x20) < 0x7B }) else {
            throw KubeClientError(.invalidRequest, subject: subject, "the method should consist of letters")
        }
        guard path.hasPrefix("/"), isVisible(path), !path.contains("?"), !path.contains("#") else {
            throw KubeClientError(
                .invalidRequest, subject: subject, "the path should start with \"/\" and be percent-encoded")
        }
        for (name, value) in headers {
            guard !name.isEmpty, isVisible(name), !name.contains(":"), !name.contains(";"),
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else {
                throw KubeClientError(
                    .invalidRequest, subject: subject, "a header field should have a name and no line break")
            }
        }
        var call = Call(method: method, path: path, query: query, body: body, headers: headers)
        if let accept = headers.first(where: { $0.0.lowercased() == "accept" }) {
            call.accept = accept.1
            call.headers.removeAll { $0.0.lowercased() == "accept" }
        }
        if body != nil, !headers.contains(where: { $0.0.lowercased() == "content-type" }) {
            call.contentType = "application/json"
        }
        return try await send(call)
    }

}
