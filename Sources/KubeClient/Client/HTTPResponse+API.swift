import Kube

// How responses of the Kubernetes API are read. `subject` is what errors name: the method and URL of the call.
extension HTTPResponse {
    /// The JSON object of a successful response.
    ///
    /// Throws `APIStatus` for an error of the API, and `KubeClientError` for a response that is not of the API.
    func object(_ subject: String) throws -> JSON {
        guard (200..<300).contains(status) else { throw failure(subject) }
        guard mediaType == "application/json" else { throw wrongMediaType(subject) }
        let json: JSON
        do {
            json = try JSON(parsing: body)
        } catch {
            throw malformed(subject, error, expected: "a JSON object")
        }
        guard json.object != nil else {
            throw KubeClientError(
                .badResponse, subject: subject, "found \(json.typeName), expected a JSON object", httpStatus: status)
        }
        return json
    }

    /// The error of an unsuccessful response.
    func failure(_ subject: String) -> any Error {
        var result: APIStatus
        if (300..<400).contains(status) {
            return KubeClientError(
                .badResponse, subject: subject,
                "found a redirect (\(status)), expected a response: is this the URL of the API server?",
                httpStatus: status)
        }
        if mediaType == "application/json", !body.isEmpty {
            let json: JSON
            do {
                json = try JSON(parsing: body)
            } catch {
                return malformed(subject, error, expected: "a Status")
            }
            guard let parsed = APIStatus(json, httpCode: status) else {
                return KubeClientError(
                    .badResponse, subject: subject,
                    "found a response (\(status)) in JSON that is not a Status, expected a Status", httpStatus: status)
            }
            result = parsed
            // The code of the body applies, unless it contradicts that the response is an error.
            if result.code < 400 { result.code = status }
        } else if body.isEmpty || mediaType == "text/plain" || mediaType == nil {
            // The API server itself responds in plain text to unknown paths, and during shutdown.
            let text = String(decoding: body.prefix(400), as: UTF8.self).trimmed.onOneLine(limit: 200)
            let quoted = text.isEmpty ? "" : ": \(text)"
            result = APIStatus(
                httpCode: status, message: "\(subject): the server responded with \(status)\(quoted)")
        } else {
            return wrongMediaType(subject)
        }
        if let delay = RetryPolicy.delay(headers["retry-after"]) { result.retryAfter = delay }
        return result
    }

    /// The error of a response that is not JSON.
    func wrongMediaType(_ subject: String) -> KubeClientError {
        let type = headers["content-type"].map { "\"\($0)\"" } ?? "no content type"
        return KubeClientError(
            .badResponse, subject: subject,
            "found a response (\(status)) with \(type), expected \"application/json\": "
                + "is this the URL of the API server?",
            httpStatus: status)
    }

    private func malformed(_ subject: String, _ error: JSONSyntaxError, expected: String) -> KubeClientError {
        KubeClientError(
            .badResponse, subject: subject,
            "found a response of \(body.count) bytes that is \(error), expected \(expected)", httpStatus: status)
    }
}
