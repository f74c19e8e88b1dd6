import Kube

/// Reads the answers of the API, and says what is wrong with those that are none.
enum Answer {
    /// The JSON object of a successful answer. Throws `APIStatus` if the API said no, `KubeClientError` for nonsense.
    static func object(_ response: HTTPResponse, _ subject: String) throws -> JSON {
        guard (200..<300).contains(response.status) else { throw failure(response, subject) }
        guard response.mediaType == "application/json" else { throw wrongMediaType(response, subject) }
        let json: JSON
        do {
            json = try JSON(parsing: response.body)
        } catch {
            throw KubeClientError(
                .badResponse, subject: subject,
                "found an answer of \(response.body.count) bytes that is \(error), expected a JSON object",
                httpStatus: response.status)
        }
        guard json.object != nil else {
            throw KubeClientError(
                .badResponse, subject: subject, "found \(json.typeName), expected a JSON object",
                httpStatus: response.status)
        }
        return json
    }

    /// The error of an answer that is no success.
    static func failure(_ response: HTTPResponse, _ subject: String) -> any Error {
        var status: APIStatus
        if (300..<400).contains(response.status) {
            return KubeClientError(
                .badResponse, subject: subject,
                "found a redirection (\(response.status)), expected an answer: is this the API server's URL?",
                httpStatus: response.status)
        }
        if response.mediaType == "application/json", let json = try? JSON(parsing: response.body),
            let parsed = APIStatus(json, httpCode: response.status)
        {
            status = parsed
            // What the answer says of itself counts, unless it contradicts the answer's being an error.
            if status.code < 400 { status.code = response.status }
        } else if response.body.isEmpty || response.mediaType == "text/plain" || response.mediaType == nil {
            // The API server itself answers in plain text where no resource is served, or while it stops.
            let text = String(decoding: response.body.prefix(400), as: UTF8.self).trimmed.onOneLine(limit: 200)
            let quoted = text.isEmpty ? "" : ": \(text)"
            status = APIStatus(
                httpCode: response.status, message: "\(subject): the server answered \(response.status)\(quoted)")
        } else {
            return wrongMediaType(response, subject)
        }
        if let delay = RetryPolicy.delay(response.headers["retry-after"]) { status.retryAfter = delay }
        return status
    }

    /// The error of an answer that is not in JSON.
    static func wrongMediaType(_ response: HTTPResponse, _ subject: String) -> KubeClientError {
        let type = response.headers["content-type"].map { "\"\($0)\"" } ?? "no content type"
        return KubeClientError(
            .badResponse, subject: subject,
            "found an answer (\(response.status)) in \(type), expected \"application/json\": is this the API server's URL?",
            httpStatus: response.status)
    }
}

extension APIStatus {
    /// The status in a watch, or one that says that there was none.
    init(watched json: JSON) {
        self = APIStatus(json) ?? APIStatus(httpCode: 500, message: "the watch ended with an error that is no Status")
    }
}
