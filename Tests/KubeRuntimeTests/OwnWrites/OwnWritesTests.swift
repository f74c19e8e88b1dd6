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
        #expect(shown.map { writes.isLast($0.version, for: "a") } == [false, false, true, false])
    }
}
