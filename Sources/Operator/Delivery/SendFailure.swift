import PlanningInput

/// An error of Prometheus's remote write, in plain words.
///
/// Of the error's text only what is recognised is passed on, and of URLs only the host: both may hold secrets, and the
/// server's answer may hold anything.
struct SendFailure {
    private let error: String
    private let host: String

    /// The error `err` of a log line, for a remote write's URL.
    init(_ error: String, url: String) {
        self.error = error
        // After a redirect, the request goes to another host.
        let post = error.firstRange(of: "Post \"").map { error[$0.upperBound...].prefix { $0 != "\"" } }
        host = RemoteHost.name(in: post ?? Substring(url))
    }

    /// Why sending fails.
    var cause: PodDelivery.Cause {
        if let status = status { return answer(status) }
        for (texts, reason, words) in Self.table where texts.contains(where: { error.contains($0) }) {
            let proxy = error.contains("proxyconnect") ? "through the proxy: " : ""
            return PodDelivery.Cause(reason, proxy + words(self))
        }
        return PodDelivery.Cause("SendFailed", "sending to \(host) fails; the log of the pod has the error")
    }

    // MARK: - The answer of a server

    /// The HTTP status of the server's answer.
    private var status: Int? {
        let words = "server returned HTTP status "
        guard let start = error.firstRange(of: words)?.upperBound else { return nil }
        let number = error[start...].prefix { $0.isASCII && $0.isNumber }
        return number.count == 3 ? Int(number) : nil
    }

    private static let outOfOrder = [
        "out of order", "out-of-order", "too old", "out of bounds", "duplicate sample", "timestamp is too",
    ]

    private func answer(_ status: Int) -> PodDelivery.Cause {
        let text = error.lowercased()
        if status < 500, status != 401, status != 403, status != 404, status != 429,
            Self.outOfOrder.contains(where: { text.contains($0) })
        {
            return PodDelivery.Cause(
                "OutOfOrder", "\(host) answers \(status): samples are out of order, too old, or there already")
        }
        switch status {
        case 401:
            return PodDelivery.Cause(
                "Unauthorized", "\(host) answers 401 Unauthorized: it does not accept the credentials")
        case 403:
            return PodDelivery.Cause(
                "Forbidden", "\(host) answers 403 Forbidden: the credentials do not permit writing")
        case 404:
            return PodDelivery.Cause(
                "NotFound",
                "\(host) answers 404 Not Found: nothing takes remote writes at the path of the URL; a Prometheus does so "
                    + "at /api/v1/write with --web.enable-remote-write-receiver")
        case 413:
            return PodDelivery.Cause(
                "TooLarge",
                "\(host) answers 413: a request is larger than the server's limit (queueConfig.maxSamplesPerSend)")
        case 429:
            return PodDelivery.Cause("TooManyRequests", "\(host) answers 429 Too Many Requests: a limit is reached")
        case 400:
            return PodDelivery.Cause("BadRequest", "\(host) answers 400 Bad Request: it does not take the samples")
        case 500...: return PodDelivery.Cause("ServerError", "\(host) answers \(status): the server has an error")
        default: return PodDelivery.Cause("RequestRefused", "\(host) answers with HTTP status \(status)")
        }
    }

    // MARK: - No answer

    private typealias Row = (texts: [String], reason: String, words: @Sendable (SendFailure) -> String)

    /// What an error has in it, the most special first.
    private static let table: [Row] = [
        (["no such host"], "HostNotFound", { "\($0.lookedUp): no such host" }),
        (
            ["server misbehaving", "name resolution", "lookup "], "NameNotResolved",
            { "the name \($0.lookedUp) cannot be looked up: the name server does not answer properly" }
        ),
        (
            ["unable to read"], "CredentialNotReadable",
            { _ in "a file with credentials or certificates cannot be read" }
        ),
        (["connection refused"], "ConnectionRefused", { "\($0.host): connection refused" }),
        (
            ["no route to host", "network is unreachable"], "HostUnreachable",
            { "\($0.host): no route there" }
        ),
        (
            ["unknown authority", "self-signed", "self signed", "certificate is not trusted"], "CertificateNotTrusted",
            { "the certificate of \($0.host) is signed by an authority that the agent does not trust (tlsConfig.ca)" }
        ),
        (
            ["certificate is valid for", "cannot validate certificate for", "not valid for any names", "Common Name"],
            "CertificateForOtherName", { "the certificate of \($0.host) is for another name" }
        ),
        (
            ["expired or is not yet valid"], "CertificateExpired",
            { "the certificate of \($0.host) has expired or is not valid yet" }
        ),
        (
            ["remote error: tls"], "ClientCertificateRefused",
            { "\($0.host) does not accept the agent's client certificate, or asks for one" }
        ),
        (
            ["does not look like a TLS handshake", "HTTP response to HTTPS client"], "NotHTTPS",
            { "\($0.host) speaks HTTP, and the URL has https" }
        ),
        (["x509: ", "tls: "], "TLSFailed", { "no TLS connection to \($0.host)" }),
        (["oauth2: "], "TokenRefused", { _ in "the OAuth 2 server gives no token" }),
        (
            ["context deadline exceeded", "Client.Timeout", "i/o timeout", "connection timed out"], "Timeout",
            { "\($0.host) does not answer in time" }
        ),
        (
            ["connection reset by peer", "broken pipe", "EOF"], "ConnectionClosed",
            { "\($0.host) closes the connection" }
        ),
        (["proxyconnect"], "ProxyFailed", { "no connection to \($0.host)" }),
    ]

    /// The name that was looked up: that of the server, of a proxy or of a server for tokens.
    private var lookedUp: String {
        guard let start = error.firstRange(of: "lookup ")?.upperBound else { return host }
        return RemoteHost.checked(error[start...].prefix { $0 != " " && $0 != ":" })
    }
}
