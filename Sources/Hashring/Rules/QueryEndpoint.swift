/// The addresses of `--endpoint` of Thanos Query: those that gRPC dials, and names that Thanos looks up itself.
///
/// Thanos Query starts with any address. What cannot be dialled or looked up it logs again and again, and answers without it.
public enum QueryEndpoint {
    /// An address that does not work.
    public struct Problem: Sendable, Hashable {
        /// What is wrong, to follow the quoted address in a message.
        public var text: String
        /// What it probably should be.
        public var right: String
        /// Whether it certainly fails. Without a port, newer versions dial 443.
        public var isCertain: Bool
    }

    /// What is wrong with an address; nil if Thanos Query can use it.
    public static func problem(_ address: String) -> Problem? {
        guard let plus = address.firstIndex(of: "+") else {
            return EndpointAddress.problem(address).map {
                Problem(text: $0, right: EndpointAddress.right(for: address), isCertain: $0 != "has no port")
            }
        }
        let (lookup, name) = (String(address[..<plus]), String(address[address.index(after: plus)...]))
        // A lookup of SRV records finds the port, too.
        let isService = lookup != "dns"
        let hasPort = name.contains { $0 == ":" } && EndpointAddress.problem(name) != "has no port"
        let checked = isService && !hasPort ? "\(name):1" : name
        var right = EndpointAddress.right(for: name)
        if isService, let colon = right.lastIndex(of: ":"), !name.hasSuffix(right[colon...]) {
            right = String(right[..<colon])
        }
        guard lookups.contains(lookup) else {
            let near = lookup.contains("srv") ? "dnssrv" : "dns"
            return Problem(
                text:
                    "has the prefix \"\(lookup.printable)+\", and there are \(lookups.map { "\($0)+" }.joined(separator: ", "))",
                right: "\(near)+\(right)", isCertain: true)
        }
        return EndpointAddress.problem(checked).map {
            Problem(text: $0, right: "\(lookup)+\(right)", isCertain: true)
        }
    }

    /// What Thanos looks up: addresses, and SRV records whose names it looks up as well or lets gRPC look up.
    private static let lookups = ["dns", "dnssrv", "dnssrvnoa"]
}
