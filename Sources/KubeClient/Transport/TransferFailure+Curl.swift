import CCurl
import Glibc

extension TransferFailure {
    /// A failure of libcurl with a readable message, including the reason from the system if there is one.
    init(curl code: CURLcode, text: String, systemError: CInt, limits: TimeLimits) {
        let detail = text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
        let reason = systemError == 0 ? detail : String(cString: strerror(systemError)).lowercasedFirst
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            self.init(kind: .cannotConnect, problem: "cannot connect: no such host (\(detail.lowercasedFirst))")
        case CURLE_COULDNT_RESOLVE_PROXY:
            self.init(kind: .cannotConnect, problem: "cannot connect: no such proxy host (\(detail.lowercasedFirst))")
        case CURLE_COULDNT_CONNECT: self.init(kind: .cannotConnect, problem: "cannot connect: \(reason)")
        case CURLE_PROXY: self.init(kind: .cannotConnect, problem: "cannot connect through the proxy: \(detail)")
        case CURLE_OPERATION_TIMEDOUT:
            self.init(kind: .timedOut, problem: "timed out: \(detail.lowercasedFirst)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_SHUTDOWN_FAILED, CURLE_USE_SSL_FAILED:
            self.init(kind: .tls, problem: "TLS failed: \(detail)")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            self.init(kind: .tls, problem: "the server's certificate is not trusted: \(detail)")
        case CURLE_SSL_CERTPROBLEM:
            self.init(kind: .tls, problem: "the client certificate or its key is invalid: \(detail)")
        case CURLE_SSL_CACERT_BADFILE:
            self.init(kind: .tls, problem: "the certificate authority is invalid: \(detail)")
        case CURLE_GOT_NOTHING:
            self.init(kind: .connectionLost, problem: "the server closed the connection without a response")
        case CURLE_PARTIAL_FILE:
            self.init(kind: .connectionLost, problem: "the connection was closed in the middle of the response")
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            self.init(kind: .connectionLost, problem: "the connection broke: \(reason)")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            self.init(
                kind: .badResponse, problem: "the server does not speak HTTP as expected: \(detail.lowercasedFirst)")
        case CURLE_BAD_CONTENT_ENCODING:
            self.init(kind: .badResponse, problem: "the response is not valid gzip: \(detail.lowercasedFirst)")
        case CURLE_URL_MALFORMAT: self.init(kind: .configuration, problem: "not a URL: \(detail.lowercasedFirst)")
        default:
            self.init(kind: .transport, problem: "\(detail.lowercasedFirst) (libcurl error \(code.rawValue))")
        }
    }
}
