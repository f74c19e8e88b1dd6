import Kube

/// An HTTP request as the API sees it.
struct APIRequest: Sendable {
    /// The HTTP method.
    var method: String
    /// The segments of the path, percent-decoded, without empty ones.
    var segments: [String]
    /// The query parameters. If one occurs twice, the first counts.
    var query: [String: String]
    /// The `Accept` header.
    var accept = "application/json"
    /// The `Content-Type` header.
    var contentType = "application/json"
    /// The `User-Agent` header.
    var userAgent = ""
    /// The body.
    var body: [UInt8] = []

    /// Creates a request from the method and target of its request line.
    init(method: String, target: String) {
        self.method = method
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        segments = (parts.first ?? "").split(separator: "/").map { Self.decoded($0, plusIsSpace: false) }
        query = [:]
        guard parts.count > 1 else { return }
        for pair in parts[1].split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = Self.decoded(sides[0], plusIsSpace: true)
            if query[key] == nil { query[key] = sides.count > 1 ? Self.decoded(sides[1], plusIsSpace: true) : "" }
        }
    }

    /// The path without its query.
    var path: String { "/" + segments.joined(separator: "/") }

    /// A boolean parameter. Like apimachinery's conversion, everything except `false` and `0` is true.
    func flag(_ name: String) -> Bool {
        guard let text = query[name] else { return false }
        return text != "0" && text.lowercased() != "false"
    }

    /// A parameter; nil if it is empty or absent.
    func parameter(_ name: String) -> String? {
        guard let text = query[name], !text.isEmpty else { return nil }
        return text
    }

    /// An integer parameter; nil if it is empty or absent. Throws 400, in the words of Go's `strconv`, for other texts.
    func integer(_ name: String) throws(APIStatus) -> Int? {
        guard let text = parameter(name) else { return nil }
        if let number = Int(text) { return number }
        let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        throw .badRequest(
            "strconv.ParseInt: parsing \(JSON(text).text()): \(isNumber ? "value out of range" : "invalid syntax")")
    }

    private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = hexDigit(rest.first), let low = hexDigit(rest.dropFirst().first) {
                bytes.append(high << 4 | low)
                rest.removeFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8?) -> UInt8? {
        guard let byte, let value = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
        return UInt8(value)
    }
}
