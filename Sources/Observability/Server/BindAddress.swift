/// Where a server listens, as Go programs write it: `:8080`, `127.0.0.1:8080`, `[::1]:8080`; `0` switches it off.
public struct BindAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address to bind to, nil for all of them.
    public var host: String?
    /// The port, 0 for a free one.
    public var port: Int

    /// An address.
    public init(host: String?, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads an address; throws ``Fault`` where there is no port, or it is out of range.
    ///
    /// Text that switches the server off (`0` or nothing) gives nil.
    public static func parse(_ text: String) throws(Fault) -> BindAddress? {
        if text.isEmpty || text == "0" { return nil }
        guard let colon = text.lastIndex(of: ":") else { throw Fault(text: text) }
        guard let port = UInt16(text[text.index(after: colon)...]) else { throw Fault(text: text) }
        var host = text[..<colon]
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw Fault(text: text)
        }
        return BindAddress(host: host.isEmpty ? nil : String(host), port: Int(port))
    }

    /// The address as it is written on a command line.
    public var description: String {
        guard let host else { return ":\(port)" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Text that is no bind address.
    public struct Fault: Error, Hashable, CustomStringConvertible {
        var text: String
        /// The text, and what would be right, on one line.
        public var description: String {
            "\"\(text)\" is not a bind address: it should be host:port, :port, or 0 to switch the server off"
        }
    }
}
