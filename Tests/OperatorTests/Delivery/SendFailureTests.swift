import PlanningInput
import TestSupport
import Testing

@testable import Operator

/// Lines that Prometheus 2.42, 2.53 and 3.5 wrote in both formats, one for each way in which sending failed.
@Suite("Why sending fails, by the log")
struct SendFailureTests {
    private static let files = ["2.42", "2.53", "3.5"].flatMap { version in
        ["logfmt", "json"].map { "Tests/Fixtures/delivery/prometheus-\(version)-\($0).log" }
    }

    /// The reason and the message for each remote write of the recorded programs.
    private static let expected: [String: (reason: String, message: String)] = [
        "dns": ("HostNotFound", "metrics.doesnotexist.invalid: no such host"),
        "closed": ("ConnectionRefused", "127.0.0.1:18999: connection refused"),
        // The server redirects to a port where nobody listens.
        "s307": ("ConnectionRefused", "127.0.0.1:18999: connection refused"),
        "proxy": ("ConnectionRefused", "through the proxy: 127.0.0.1:18990: connection refused"),
        "s401": ("Unauthorized", "127.0.0.1:18990 answers 401 Unauthorized: it does not accept the credentials"),
        "s403": ("Forbidden", "127.0.0.1:18990 answers 403 Forbidden: the credentials do not permit writing"),
        "s404": (
            "NotFound",
            "127.0.0.1:18990 answers 404 Not Found: nothing takes remote writes at the path of the URL; a Prometheus does "
                + "so at /api/v1/write with --web.enable-remote-write-receiver"
        ),
        "s400": ("OutOfOrder", "127.0.0.1:18990 answers 400: samples are out of order, too old, or there already"),
        "s409": ("RequestRefused", "127.0.0.1:18990 answers with HTTP status 409"),
        "s413": (
            "TooLarge",
            "127.0.0.1:18990 answers 413: a request is larger than the server's limit (queueConfig.maxSamplesPerSend)"
        ),
        "s422": ("RequestRefused", "127.0.0.1:18990 answers with HTTP status 422"),
        "s429": ("TooManyRequests", "127.0.0.1:18990 answers 429 Too Many Requests: a limit is reached"),
        "s500": ("ServerError", "127.0.0.1:18990 answers 500: the server has an error"),
        "s502": ("ServerError", "127.0.0.1:18990 answers 502: the server has an error"),
        "s503": ("ServerError", "127.0.0.1:18990 answers 503: the server has an error"),
        "slow": ("Timeout", "127.0.0.1:18990 does not answer in time"),
        "tls": ("CertificateForOtherName", "the certificate of 127.0.0.1:18991 is for another name"),
        "tlsname": ("CertificateForOtherName", "the certificate of localhost:18991 is for another name"),
        "unknownca": (
            "CertificateNotTrusted",
            "the certificate of 127.0.0.1:18991 is signed by an authority that the agent does not trust (tlsConfig.ca)"
        ),
        "plain": ("NotHTTPS", "127.0.0.1:18990 speaks HTTP, and the URL has https"),
        "nocred": ("CredentialNotReadable", "a file with credentials or certificates cannot be read"),
        "oauth": ("TokenRefused", "the OAuth 2 server gives no token"),
    ]

    @Test(arguments: files) func `Each error of a real Prometheus is put into words, without secrets`(file: String)
        throws
    {
        let log = Array(try Checkout.read(file).utf8)
        var found = 0
        for (remoteWrite, expected) in Self.expected {
            guard let cause = RemoteWriteLog.cause(in: log, remoteWrite: remoteWrite) else { continue }
            found += 1
            #expect(cause.reason == expected.reason, "\(remoteWrite)")
            #expect(cause.message == expected.message, "\(remoteWrite)")
            for secret in ["pass", "token=secret", "/nonexistent"] { #expect(!cause.message.contains(secret)) }
        }
        #expect(found >= 17 && found == log.count { $0 == UInt8(ascii: "\n") })
    }

    @Test(arguments: [
        (
            "Post \"https://m.example.org/w\": tls: failed to verify certificate: x509: certificate has expired or is not "
                + "yet valid: current time 2026-01-01", "CertificateExpired"
        ),
        ("Post \"https://m.example.org/w\": remote error: tls: certificate required", "ClientCertificateRefused"),
        ("Post \"http://m.example.org/w\": EOF", "ConnectionClosed"),
        ("Post \"http://m.example.org/w\": dial tcp 10.0.0.1:80: connect: no route to host", "HostUnreachable"),
        (
            "Post \"http://m.example.org/w\": dial tcp: lookup m.example.org on 10.96.0.10:53: server misbehaving",
            "NameNotResolved"
        ),
        ("Post \"http://m.example.org/w\": dial tcp 10.0.0.1:80: i/o timeout", "Timeout"),
        ("something new", "SendFailed"),
    ])
    func `Errors that were not recorded have a reason, too`(error: String, reason: String) {
        #expect(SendFailure(error, url: "http://m.example.org/w").cause.reason == reason)
    }

    @Test func `The newest line of the remote write counts, and a line of another one says nothing`() {
        let log = Array(
            """
            level=WARN msg="Failed to send batch, retrying" remote_name=a url=http://m/w err="Post \\"http://m/w\\": EOF"
            level=WARN msg="Failed to send batch, retrying" remote_name=a url=http://m/w err="server returned HTTP status 500 x"
            level=ERROR msg="non-recoverable error" remote_name=a url=http://m/w err="Post \\"http://m/w\\": context canceled"
            level=INFO msg="Done replaying WAL" remote_name=a url=http://m/w
            level=WARN msg="Failed to send batch, retrying" remote_name=b url=http://m/w err="server returned HTTP status 401 x"
            """.utf8)
        #expect(RemoteWriteLog.cause(in: log, remoteWrite: "a")?.reason == "ServerError")
        #expect(RemoteWriteLog.cause(in: log, remoteWrite: "b")?.reason == "Unauthorized")
        #expect(RemoteWriteLog.cause(in: log, remoteWrite: "c") == nil)
    }

    @Test(arguments: [
        "http://user:pass@evil.example\nhost/w", "http://", "not a URL",
        "http://\(String(repeating: "a", count: 300))/w",
        "http://a\"b/w",
    ])
    func `A host that is none is not shown`(url: String) {
        #expect(SendFailure("server returned HTTP status 500", url: url).cause.message.hasPrefix("the server answers"))
    }

    @Test(arguments: ["", "{", "err=\"", "msg=\"non-recoverable error\" err=\"\\", "=====", "{\"msg\": 1}", "\u{0}"])
    func `A line that is cut off or malformed has no cause`(line: String) {
        #expect(RemoteWriteLog.cause(in: Array(line.utf8), remoteWrite: "a") == nil)
    }
}
