import Testing
import TributaryAPI

@testable import Planning

@Suite("The configuration of the gateway")
struct GatewayConfigurationTests {
    private func tenant(_ id: String, _ write: [String] = [], _ read: [String] = []) -> GatewayTenant {
        GatewayTenant(id: id, user: id, writeTokens: write, readTokens: read)
    }

    private func configuration(_ tenants: [GatewayTenant]) -> GatewayConfiguration {
        GatewayConfiguration(
            routes: GatewayRoutes(writeURL: "http://router:1/receive", readURL: "http://proxy:2"), tenants: tenants)
    }

    @Test func `The order of the tenants changes nothing`() {
        let tenants = ["c", "a", "B", "b"].map { tenant($0, ["write-token-of-\($0)-0"], ["read-token-of-\($0)-0"]) }
        let files = configuration(tenants).files()
        #expect(files.files == configuration(tenants.reversed()).files().files)
        #expect(files.problems.isEmpty && files.tenantParts == 1)
        #expect(files.hash.utf8.count == 64 && files.hash != configuration([]).files().hash)
    }

    @Test func `What nginx could read as its own syntax is left out, and everybody else goes on`() {
        let hostile = ["\"; } evil {", "$http_x_evil_token", "a\nb\nc\nd\ne\nf\ng\nh\ni", "short", "sixteen bytes {}"]
        let files = configuration([
            tenant("a\"; }"), tenant("$x"), tenant(""), tenant("x,y"), tenant("fine", hostile + ["a-token-of-fine-00"]),
            tenant("fine", ["another-of-the-same-id"]), tenant("other", ["a-token-of-other-0"]),
        ]).files()
        let text = files.files.filter { $0.name.hasPrefix("tenants-") }.map(\.text).joined()
        #expect(text.contains("a-token-of-fine-00") && text.contains("a-token-of-other-0"))
        #expect(!text.contains("evil") && !text.contains("same-id") && !text.contains("$") && !text.contains("{"))
        let reasons = files.problems.map(\.reason)
        #expect(reasons.count { $0 == "InvalidID" } == 4 && reasons.count { $0 == "DuplicateID" } == 1)
        #expect(reasons.count { $0 == "InvalidCredential" } == 5)
        #expect(!files.problems.contains { $0.message.contains("evil") })
    }

    @Test func `The credential of several tenants counts for none of them, whatever it is for`() {
        let files = configuration([
            tenant("a", ["shared-credential-1", "own-credential-of-a"]), tenant("b", [], ["shared-credential-1"]),
            tenant("c", ["shared-credential-1"]), tenant("d", ["for-both-purposes-1"], ["for-both-purposes-1"]),
        ]).files()
        let text = files.files.map(\.text).joined()
        #expect(!text.contains("shared-credential-1") && text.contains("own-credential-of-a"))
        #expect(text.contains("\"b:for-both-purposes-1\" \"|for-both-purposes-1 d wr 16777216-0-0 -|\";"))
        #expect(files.problems.map(\.tenants) == [["a", "b", "c"]])
    }

    @Test func `Credentials that differ only in case share a line, and what no longer fits is left out`() {
        let base = String(repeating: "abcdefgh", count: 60)
        let tenants = (0..<12).map { index in
            let letters = base.enumerated().map { place, letter in
                place % 12 == index ? letter.uppercased() : String(letter)
            }
            return tenant("t-\(10 + index)", [letters.joined()])
        }
        let files = configuration(tenants).files()
        let lines = files.files.filter { $0.name.hasPrefix("tenants-") }.flatMap { $0.text.split(separator: "\n") }
        let bearers = lines.filter { $0.hasPrefix("\"b:") }
        #expect(bearers.count == 1 && lines.count == 13, "\(lines.count)")
        for one in tenants.prefix(7) {
            #expect(bearers.first?.contains("|\(one.writeTokens[0]) \(one.id) w") == true, "\(one.id)")
        }
        #expect(files.problems.map(\.reason) == Array(repeating: "SimilarCredentials", count: 5))
        #expect(files.problems.map(\.tenants) == tenants.dropFirst(7).map { ["t-10", $0.id] })
    }

    @Test func `At most a hundred combinations of limits are told apart, and those of most tenants first`() {
        var tenants = (1...150).map { index in
            var one = tenant("limited-\(index)", ["write-token-number-\(index)"])
            one.limits.requestsPerSecond = index
            return one
        }
        for index in 0..<2 {
            var one = tenant("many-\(index)", ["write-token-of-many-\(index)"])
            one.limits.requestsPerSecond = 5000
            tenants.append(one)
        }
        let files = configuration(tenants).files()
        let locations = files.files.first { $0.name == "locations.conf" }?.text ?? ""
        #expect(locations.split(separator: "location = /w/").count == 101)
        #expect(locations.contains("location = /w/16777216-5000-0 "))
        #expect(files.problems.map(\.reason) == ["TooManyLimits"] && files.problems.first?.tenants.count == 52)
    }

    @Test func `Parts are as few as fit, and stay until half the room would be enough`() {
        let tenants = (0..<4000).map {
            tenant("tenant-\($0)", ["write-token-number-\($0)"], ["read-token-number-\($0)"])
        }
        var small = configuration(tenants)
        let files = small.files()
        #expect(files.tenantParts == 8)
        #expect(files.parts.allSatisfy { $0.reduce(0) { $0 + $1.text.utf8.count } < 1 << 20 })
        small.tenants = Array(tenants.prefix(1700))
        #expect(small.files().tenantParts == 1)
        small.partsNow = 8
        #expect(small.files().tenantParts == 8)
        small.tenants = Array(tenants.prefix(100))
        #expect(small.files().tenantParts == 1)
    }

    @Test(arguments: [
        ("http://a", "a", 80, "", "a"), ("https://A.b:8443/x/", "A.b", 8443, "/x", "A.b:8443"),
        ("HTTPS://a/x/y?z=1", "a", 443, "/x/y?z=1", "a"), ("http://[::1]:9/x", "::1", 9, "/x", "[::1]:9"),
        ("http://10.0.0.1:1", "10.0.0.1", 1, "", "10.0.0.1:1"),
    ])
    func `URLs are read`(_ text: String, host: String, port: Int, path: String, authority: String) throws {
        let address = try #require(GatewayAddress(text, allowsQuery: true))
        #expect((address.host, address.port, address.path) == (host, port, path))
        #expect(address.authority == authority)
    }

    @Test(arguments: [
        "", "a", "ftp://a", "http://", "http:///x", "http://u:p@a", "http://a:0", "http://a:65536", "http://a:x",
        "http://a/$x", "http://a/;", "http://a/\"", "http://a/{}", "http://a/ b", "http://a/\n", "http://a#b",
        "http://[x]",
        "http://-a", "http://a\\b", "http://[::1]x", "http://a/x?y",
    ])
    func `URLs that nginx could read otherwise are refused`(_ text: String) {
        #expect(GatewayAddress(text) == nil)
    }
}
