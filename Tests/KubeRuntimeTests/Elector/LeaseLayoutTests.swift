import Kube
import Logging
import Testing

@testable import KubeRuntime

private func lease(_ index: Int) -> ObjectKey { ObjectKey(namespace: "default", name: "shard-\(index)") }

@Suite("Layouts of leases") struct LeaseLayoutTests {
    private let server = FakeAPI()
    private let time = ManualTime()

    private func elector(_ index: Int, of layout: String, _ identity: String) -> Elector {
        Elector(
            lease: lease(index), identity: identity, api: server.api,
            layout: LeaseLayout(name: layout, leases: (0..<3).map(lease)), logger: Logger(label: "test"),
            time: time.source)
    }

    private func holder(_ index: Int) -> String? {
        server.object(.leases, lease(index))?.json["spec", "holderIdentity"]?.string
    }

    private func hold(_ index: Int, by holder: String, layout: String?) {
        var object = Object(
            .leases, namespace: "default", name: lease(index).name,
            ["spec": ["holderIdentity": JSON(holder), "leaseDurationSeconds": 15]])
        if let layout { object.json["metadata", "annotations"] = ["tributary.dev/layout": JSON(layout)] }
        server.put(.leases, object)
    }

    @Test func `Processes of one layout lead at the same time`() async throws {
        let electors = [elector(0, of: "2", "a"), elector(1, of: "2", "b")]
        let tasks = electors.map { elector in
            Task { try await elector.run { try await Task.sleep(for: .seconds(3600)) } }
        }
        try await eventually("both lead") { electors.allSatisfy { $0.isLeading } }
        #expect(server.object(.leases, lease(1))?.json["metadata", "annotations", "tributary.dev/layout"] == "2")
        for task in tasks { task.cancel() }
        for task in tasks { _ = try? await task.value }
        #expect(holder(0) == "" && holder(1) == "")
    }

    @Test(arguments: ["1", nil])
    func `A process does not take its lease while one of another layout holds any`(layout: String?) async throws {
        hold(2, by: "old", layout: layout)
        let elector = elector(0, of: "2", "new")
        let running = Task { try await elector.run { try await Task.sleep(for: .seconds(3600)) } }
        try await eventually("it waits") { !time.naps.isEmpty }
        #expect(holder(0) == nil && !elector.isLeading)
        hold(2, by: "", layout: layout)
        try await eventually("it leads once that is given back") {
            time.advance(by: .seconds(1))
            return elector.isLeading
        }
        running.cancel()
        _ = try? await running.value
    }

    @Test func `A lease of another layout whose holder has vanished is free after its duration, as seen from here`() {
        var others = OtherLayouts(than: "2")
        var record = LeaseRecord(holder: "old", durationSeconds: 15, transitions: 0, layout: "3")
        func look(_ second: Int) -> [ObjectKey: String] {
            others.saw([lease(0): .record(record), lease(1): .none], now: .seconds(second))
        }
        #expect(look(0) == [lease(0): "old"])
        record.renewTime = "later"
        #expect(look(14) == [lease(0): "old"])
        #expect(look(28) == [lease(0): "old"])
        #expect(look(29) == [:])
        record.layout = "2"
        #expect(look(30) == [:])
        #expect(others.saw([lease(0): .unknown("no answer")], now: .seconds(31)) == [lease(0): "no answer"])
    }

    @Test func `Of two layouts that take their leases at the same moment, one lets go before it leads`() async throws {
        let elector = elector(0, of: "2", "new")
        let server = server
        let wasTaken = Locked(false)
        server.setFault { call in
            // Between its first look and its own lease.
            guard call.hasPrefix("create"), call.hasSuffix("shard-0"), wasTaken.withLock({ $0.exchange(true) }) == false
            else { return }
            hold(1, by: "old", layout: "3")
        }
        let led = Recording<String>()
        let running = Task {
            try await elector.run {
                led.append("leads")
                try await Task.sleep(for: .seconds(3600))
            }
        }
        try await eventually("it has let go of its lease") { holder(0) == "" }
        #expect(led.all.isEmpty && !elector.isLeading)
        hold(1, by: "", layout: "3")
        try await eventually("it leads") {
            time.advance(by: .seconds(1))
            return elector.isLeading
        }
        running.cancel()
        _ = try? await running.value
    }

    @Test func `A process that waits for another layout ends at once when it is to stop`() async throws {
        hold(2, by: "old", layout: "3")
        let elector = elector(0, of: "2", "new")
        let running = Task { try await elector.run { Issue.record("it leads") } }
        try await eventually("it waits") { !time.naps.isEmpty }
        elector.shutDown()
        try await running.value
        #expect(holder(0) == nil)
    }
}

extension Bool {
    fileprivate mutating func exchange(_ new: Bool) -> Bool {
        defer { self = new }
        return self
    }
}
