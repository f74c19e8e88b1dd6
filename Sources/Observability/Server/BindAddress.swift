/// An address to listen on, written as in Go programs: `:8080`, `127.0.0.1:8080`, `[::1]:8080`; `0` disables the
/// server.
public struct BindAddress: Sendable, Hashable, CustomStringConvertible {
    /// The host to bind to; nil for all addresses.
    var host: String?
    /// The port; 0 for any free port.
    var port: Int

    /// Creates an address.
    init(host: String?, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads an address; throws ``Fault`` if the port is missing or out of range.
    ///
    /// Nil for a text that disables the server: `0` or an empty text.
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

    /// The address as written on a command line.
    public var description: String {
        guard let host else { return ":\(port)" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// A text that is not a bind address.
    public struct Fault: Error, Hashable, CustomStringConvertible {
        var text: String
        /// What was found and what would be right, on one line.
        public var description: String {
            "\"\(text)\" is not a bind address: it should be host:port, :port, or 0 to disable the server"
        }
    }
}
