import Kube
import Testing

@testable import Topology

@Suite("What is looked at of many") struct TopologyQueryTests {
    private func topology() throws -> Topology {
        var places = Places()
        try places.add(Places.view())
        for number in 0..<300 {
            try places.add(Places.tenant("t-\(number)", ring: number < 5 ? "hard" : nil, ready: number != 250))
        }
        return places.topology
    }

    private func names(_ query: String) throws -> [String] {
        try topology().json(TopologyQuery(query: query))["list", "items"]?.array?.compactMap { $0["name"]?.string }
            ?? []
    }

    @Test func `The worst are first, and a page is bounded`() throws {
        #expect(try names("").prefix(2) == ["o11y/t-250", "o11y/t-0"])
        #expect(try names("").count == 50)
        #expect(try names("limit=100000").count == TopologyQuery.mostEntries)
        #expect(try names("offset=299").count == 1)
        // The entries have gone: the first page.
        #expect(try names("offset=5000").count == 50)
    }

    @Test(arguments: [
        ("q=T-25", ["o11y/t-250", "o11y/t-25", "o11y/t-251", "o11y/t-252"]), ("q=duplicateid", ["o11y/t-250"]),
        ("q=o11y%2Ft-299", ["o11y/t-299"]), ("health=wrong", ["o11y/t-250"]), ("q=hard", ["o11y/t-0", "o11y/t-1"]),
        ("ring=hard&view=o11y%2Fmain", ["o11y/t-0", "o11y/t-1"]), ("q=%3Cscript%3E", []), ("view=other/main", []),
    ])
    func `Search finds names, rings and reasons`(query: String, first: [String]) throws {
        let found = try names(query)
        #expect(Array(found.prefix(first.count)) == first)
        if first.isEmpty { #expect(found.isEmpty) }
    }

    @Test(arguments: [
        "offset=-5", "offset=99999999999999999999", "limit=x", "health=bad", "list=secrets", "q=%", "q=%ff%fe", "q",
        "&&&=",
        "q=\(String(repeating: "a", count: 5000))", String(repeating: "q=a&", count: 5000),
    ])
    func `What makes no sense in a query counts as absent`(query: String) throws {
        let asked = TopologyQuery(query: query)
        #expect(asked.offset == 0 || asked.offset == 1 << 30)
        #expect(asked.limit == 50 && asked.list == .tenants && asked.health == nil && asked.text.utf8.count <= 300)
        _ = try topology().json(asked)
    }

    @Test func `The answer about ten thousand tenants is small`() throws {
        var places = Places()
        try places.add(Places.view())
        for number in 0..<10_000 { try places.add(Places.tenant("t-\(number)", ready: number > 5000)) }
        let json = places.topology.json(TopologyQuery())
        #expect(json.text().utf8.count < 60_000)
        #expect(json["list", "count"] == 10_000 && json["troubles", "count"] == 5001)
    }
}
