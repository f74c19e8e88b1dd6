import Kube
import KubeRuntime
import Testing

private func object(_ version: String, uid: String = "u") -> Object {
    var object = Object(.configMaps, namespace: "default", name: "a", ["data": ["version": .string(version)]])
    object.json["metadata", "uid"] = .string(uid)
    object.json["metadata", "resourceVersion"] = .string(version)
    return object
}

@Suite("Reading one's own writes") struct OwnWritesTests {
    @Test func `A write counts until a watch shows it or something newer, and is forgotten then`() {
        var writes = OwnWrites<String, Object>()
        let before = writes.newest(object("9"), for: "a")
        #expect(before == object("9"))
        writes.wrote(object("10"), for: "a")
        let found = [("9", "a"), ("9", "b"), ("11", "a"), ("9", "a")].map { version, key in
            writes.newest(object(version), for: key).resourceVersion
        }
        #expect(found == ["10", "9", "11", "9"])
    }

    @Test(arguments: [object("9", uid: "other"), object("opaque")])
    func `A write does not count for another object of that name, nor if versions cannot be compared`(
        shown: Object
    ) {
        var writes = OwnWrites<String, Object>()
        writes.wrote(object("10"), for: "a")
        let newest = writes.newest(shown, for: "a")
        #expect(newest == shown)
    }

    @Test func `A watch shows the last write if the version is the same`() {
        var writes = OwnWrites<String, Object>()
        writes.wrote(object("10"), for: "a")
        let shown = [object("9"), object("10", uid: "other"), object("10"), object("10")]
        #expect(shown.map { writes.isOwn($0.version, for: "a") {} } == [false, false, true, false])
    }

    @Test func `Whether a watch shows the write that is under way is known with its answer`() {
        var writes = OwnWrites<String, Object>()
        let others = Locked<[String]>([])
        func isOwn(_ version: String) -> Bool {
            writes.isOwn(object(version).version, object(version), for: "a") { others.withLock { $0.append(version) } }
        }
        writes.writes("a")
        #expect(["9", "10", "11"].map(isOwn) == [true, true, true])
        #expect(others.withLock { $0 } == [])
        #expect(writes.shown(object("10").version, for: "a") == object("10"))
        #expect(writes.shown(object("8").version, for: "a") == nil)
        for concern in writes.wrote(object("10"), for: "a") { concern() }
        #expect(others.withLock { $0 } == ["9", "11"])
        #expect(!isOwn("12"))
    }

    @Test func `What a watch shows while a write is under way that fails was written by others`() {
        var writes = OwnWrites<String, Object>()
        let others = Locked(0)
        writes.writes("a")
        let isOwn = writes.isOwn(object("10").version, for: "a") { others.withLock { $0 += 1 } }
        #expect(isOwn)
        for concern in writes.failed("a") { concern() }
        #expect(others.withLock { $0 } == 1)
    }
}
