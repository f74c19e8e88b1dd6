import CCurl
import Glibc

/// An exchange in libcurl: its easy handle and the memory that libcurl uses for it.
///
/// Only libcurl's thread uses it. The handle has an unretained reference to it, valid until ``detach(from:)``.
final class CurlExchange {
    let transfer: Transfer
    /// When something of the response came last.
    private(set) var lastReceived: ContinuousClock.Instant?
    private let easy: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    init(_ transfer: Transfer) throws(TransferFailure) {
        guard let easy = curl_easy_init() else {
            throw TransferFailure(kind: .transport, problem: "libcurl is out of memory")
        }
        self.transfer = transfer
        self.easy = easy
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try configure(transfer.request)
    }

    deinit {
        curl_easy_cleanup(easy)
        for list in lists { curl_slist_free_all(list) }
        errorText.deallocate()
    }

    func attach(to multi: UnsafeMutableRawPointer) throws(TransferFailure) {
        let code = curl_multi_add_handle(multi, easy)
        guard code == CURLM_OK else {
            throw TransferFailure(kind: .transport, problem: String(cString: curl_multi_strerror(code)))
        }
    }

    /// Removes the exchange from libcurl. Over HTTP/2 this resets its stream and leaves the connection open for others.
    func detach(from multi: UnsafeMutableRawPointer) { curl_multi_remove_handle(multi, easy) }

    /// Makes libcurl deliver data again; it may call back before this returns.
    func resume() { curl_easy_pause(easy, CURLPAUSE_CONT) }

    /// The exchange of a handle.
    static func of(_ easy: UnsafeMutableRawPointer) -> CurlExchange? {
        var context: UnsafeMutableRawPointer?
        guard ccurl_get_pointer(easy, CURLINFO_PRIVATE, &context) == CURLE_OK, let context else { return nil }
        return Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    }

    /// The socket of its connection; nil without one.
    var socket: curl_socket_t? {
        var socket: curl_socket_t = -1
        guard ccurl_get_socket(easy, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK, socket >= 0 else { return nil }
        return socket
    }

    /// The status of the response; 0 before it has come.
    private var status: Int {
        var status = 0
        return ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0
    }

    fileprivate func receive(_ chunk: UnsafeBufferPointer<UInt8>) -> TransferStateMachine.Verdict {
        lastReceived = .now
        return transfer.receive(chunk)
    }

    fileprivate func receive(headerLine line: UnsafeBufferPointer<UInt8>) -> Bool {
        lastReceived = .now
        let verdict = transfer.receive(headerLine: line)
        // Once a stream has started, it may be silent for a long time, as watches are. A refusal has an end.
        if case .stream = transfer.request.mode, line.first == 0x0D || line.first == 0x0A, status == 200 {
            _ = ccurl_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 0)
            _ = ccurl_set_long(easy, CURLOPT_LOW_SPEED_TIME, 0)
        }
        return verdict == .taken
    }

    /// The result of the exchange.
    func result(_ code: CURLcode) -> Result<Void, TransferFailure> {
        guard code != CURLE_OK else { return .success(()) }
        var systemError = 0
        _ = ccurl_get_long(easy, CURLINFO_OS_ERRNO, &systemError)
        var text = String(cString: errorText)
        // libcurl quotes the URL of an invalid proxy, which may contain a password.
        if let proxy = transfer.request.connection.proxy { text = text.replacing(proxy, with: "<proxy-url>") }
        let failure = TransferFailure(
            curl: code, text: text, systemError: CInt(truncatingIfNeeded: systemError),
            limits: transfer.request.limits)
        return .failure(failure)
    }

    // MARK: - Options

    private func configure(_ request: TransferRequest) throws(TransferFailure) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try set(CURLOPT_PRIVATE, pointer: context)
        try set(CURLOPT_ERRORBUFFER, pointer: errorText)
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // Waits to see whether a connection is multiplexed. Without TLS it is not, and libcurl would find out only at
        // the end of the first request, which may be a watch without an end.
        try set(CURLOPT_PIPEWAIT, request.url.hasPrefix("https:") ? 1 : 0)
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(CURLOPT_USERAGENT, request.userAgent)
        // A new connection from time to time balances the load over several API servers behind one address.
        try set(CURLOPT_MAXLIFETIME_CONN, 3600)
        if !request.sharesConnection {
            try set(CURLOPT_FRESH_CONNECT, 1)
            try set(CURLOPT_FORBID_REUSE, 1)
        }
        try check(ccurl_set_data_callback(easy, CURLOPT_HEADERFUNCTION, receiveHeader))
        try set(CURLOPT_HEADERDATA, pointer: context)
        try check(ccurl_set_data_callback(easy, CURLOPT_WRITEFUNCTION, receiveBody))
        try set(CURLOPT_WRITEDATA, pointer: context)
        try check(ccurl_set_socket_callback(easy, CURLOPT_SOCKOPTFUNCTION, prepareSocket))
        try configureMethod(request)
        try configureConnection(request.connection)
        try configureLimits(request.limits)
    }

    private func configureMethod(_ request: TransferRequest) throws(TransferFailure) {
        var headers = request.headers
        if !request.sharesConnection { headers.append("Connection: close") }
        if let body = request.body {
            try set(CURLOPT_POST, 1)
            try check(ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
            let code = body.withUnsafeBytes { bytes in
                // libcurl copies the bytes. With a null pointer it would request them by a callback instead.
                ccurl_set_pointer(
                    easy, CURLOPT_COPYPOSTFIELDS,
                    bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
                        ?? UnsafeMutableRawPointer(errorText))
            }
            try check(code)
            headers.append("Expect:")
        }
        if request.method == "HEAD" {
            try set(CURLOPT_NOBODY, 1)
        } else if request.method != "GET" || request.body != nil {
            try set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        try set(CURLOPT_HTTPHEADER, headers)
    }

    private func configureConnection(_ settings: ConnectionSettings) throws(TransferFailure) {
        // An empty text prevents libcurl from reading the environment itself.
        try set(CURLOPT_PROXY, settings.proxy ?? "")
        try set(CURLOPT_NOPROXY, settings.noProxy ?? "")
        if let connectTo = settings.connectTo { try set(CURLOPT_CONNECT_TO, [connectTo]) }
        if settings.allowsCompression { try set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        if let authorities = settings.authorities {
            try set(CURLOPT_CAINFO_BLOB, authorities)
            try set(CURLOPT_CAPATH, nil)  // otherwise libcurl would also trust the authorities of the system
        }
        if let certificate = settings.clientCertificate, let key = settings.clientKey {
            try set(CURLOPT_SSLCERT_BLOB, certificate)
            try set(CURLOPT_SSLKEY_BLOB, key)
        }
        if !settings.verifiesServer {
            try set(CURLOPT_SSL_VERIFYPEER, 0)
            try set(CURLOPT_SSL_VERIFYHOST, 0)
        }
    }

    private func configureLimits(_ limits: TimeLimits) throws(TransferFailure) {
        try set(CURLOPT_CONNECTTIMEOUT_MS, limits.connect.milliseconds)
        var total = limits.total
        if let deadline = limits.deadline {
            // Only here, on libcurl's thread: the process may have been suspended since it asked.
            let left = deadline - .now
            guard left > .zero else { throw .tooLate }
            total = min(total ?? left, max(left, .milliseconds(1)))
        }
        if let total { try set(CURLOPT_TIMEOUT_MS, total.milliseconds) }
        if let stall = limits.stall {
            try set(CURLOPT_LOW_SPEED_LIMIT, 1)
            try set(CURLOPT_LOW_SPEED_TIME, max(1, stall.milliseconds / 1000))
        }
    }

    private func check(_ code: CURLcode) throws(TransferFailure) {
        guard code != CURLE_OK else { return }
        throw TransferFailure(kind: .transport, problem: "libcurl: \(String(cString: curl_easy_strerror(code)))")
    }
    private func set(_ option: CURLoption, _ value: Int) throws(TransferFailure) {
        try check(ccurl_set_long(easy, option, value))
    }
    private func set(_ option: CURLoption, _ value: String?) throws(TransferFailure) {
        try check(ccurl_set_string(easy, option, value))
    }
    private func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer) throws(TransferFailure) {
        try check(ccurl_set_pointer(easy, option, pointer))
    }
    private func set(_ option: CURLoption, _ bytes: [UInt8]) throws(TransferFailure) {
        try check(bytes.withUnsafeBytes { ccurl_set_blob(easy, option, $0.baseAddress, $0.count) })
    }
    private func set(_ option: CURLoption, _ lines: [String]) throws(TransferFailure) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) ?? list }
        guard let list else { return }
        lists.append(list)
        try check(ccurl_set_list(easy, option, list))
    }
}

// MARK: - Callbacks

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context else { return 0 }
    let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count).bindMemory(to: UInt8.self)
    return exchange.receive(headerLine: line) ? size * count : 0
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes, let context, size * count > 0 else { return 0 }
    let exchange = Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    let chunk = UnsafeRawBufferPointer(start: bytes, count: size * count).bindMemory(to: UInt8.self)
    switch exchange.receive(chunk) {
    case .taken: return size * count
    case .paused: return Int(CURL_WRITEFUNC_PAUSE)
    case .refused: return 0
    }
}

/// Makes the kernel detect a dead peer within 45 seconds, whether idle or in the middle of a request.
private func prepareSocket(
    _ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ purpose: curlsocktype
) -> CInt {
    func set(_ level: CInt, _ option: CInt, _ value: CInt) {
        var value = value
        _ = setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }
    set(SOL_SOCKET, SO_KEEPALIVE, 1)
    set(CInt(IPPROTO_TCP), TCP_KEEPIDLE, 30)
    set(CInt(IPPROTO_TCP), TCP_KEEPINTVL, 5)
    set(CInt(IPPROTO_TCP), TCP_KEEPCNT, 3)
    set(CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, 45_000)
    return CInt(CURL_SOCKOPT_OK)
}
