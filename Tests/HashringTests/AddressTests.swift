import Kube
import Testing

@testable import Hashring

@Suite("Addresses of receivers")
struct AddressTests {
    /// Addresses, what is wrong with each, and what it should be. Thanos v0.41 forwards to those without a problem.
    static let cases: [(address: String, problem: String?, right: String)] = [
        ("r-0.r.o11y.svc:10901", nil, ""), (":10901", nil, ""), ("[::1]:10901", nil, ""), ("r:https", nil, ""),
        ("dns:///r:10901", nil, ""), ("dns:r:10901", nil, ""), ("passthrough:///10.0.0.1:10901", nil, ""),
        ("unix:/run/r", nil, ""), ("r:10901?x=1", nil, ""), ("r:10901#x", nil, ""), ("r_0:10901", nil, ""),
        ("http://r:10901", "has the scheme \"http\"", "r:10901"),
        ("grpc://r", "has the scheme \"grpc\"", "r:10901"),
        ("r:19291/api/v1/receive", "has a path", "r:19291"),
        ("r", "has no port", "r:10901"), ("r:", "has no port", "r:10901"), ("::1", "has no port", "[::1]:10901"),
        ("[::1]", "has no port", "[::1]:10901"),
        (" r:10901", "contains a blank", "r:10901"), ("r:10901\n", "contains a blank", "r:10901"),
        ("r:0", "has the port \"0\"", "r:10901"), ("r:99999", "has the port \"99999\"", "r:10901"),
        ("r:+80", "has the port \"+80\"", "r:10901"), ("r:<port>", "has the port \"<port>\"", "r:10901"),
        ("dns+r:10901", "has a prefix that only --endpoint of Thanos Query has", "r:10901"),
        ("r:10901,s:10901", "contains a comma", "r:10901"), ("tcp:r:10901", "has too many colons", "host:10901"),
        ("me@r:10901", "has a host name with characters that no host name has", "r:10901"),
        ("$(POD).r:10901", "has a host name with characters that no host name has", "host:10901"),
    ]

    @Test(arguments: cases.indices) func `An address that cannot be dialled has a problem and a better one`(index: Int)
    {
        let (address, problem, right) = Self.cases[index]
        #expect(EndpointAddress.problem(address) == problem)
        guard problem != nil else { return }
        #expect(EndpointAddress.right(for: address) == right)
        #expect(EndpointAddress.problem(right) == nil)
    }

    @Test func `The only receiver of a hashring may have any address, since it can be its own`() {
        func severities(_ addresses: String...) -> [Severity] {
            HashringFile([Hashring(endpoints: addresses.map { Endpoint(address: $0) })])
                .validate(replicationFactor: 1).map(\.severity)
        }
        #expect(severities("r") == [.warning])
        #expect(severities("r", "s:1") == [.error])
    }
}
