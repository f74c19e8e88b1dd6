import Kube
import Testing

@testable import LocalCluster

/// client-go and kubectl write these objects only in protobuf.
@Suite("Objects in protobuf") struct ProtobufTests {
    /// A field of a message: its number and its bytes.
    private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(bytes.count)] + bytes
    }

    private func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

    @Test func `A ConfigMap in protobuf keeps its owners and its resource version`() throws {
        let owner = field(1, "ConfigMap") + field(3, "base") + field(4, "u1") + field(5, "v1") + [6 << 3, 1]
        let metadata =
            field(1, "a") + field(3, "o11y") + field(5, "u2") + field(6, "7") + field(13, owner)
            + field(11, field(1, "team") + field(2, "x"))
        let object = field(1, metadata) + field(2, field(1, "key") + field(2, "value"))
        let type = field(1, "v1") + field(2, "ConfigMap")
        let json = Protobuf.object([0x6B, 0x38, 0x73, 0x00] + field(1, type) + field(2, object))
        #expect(
            json == [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": [
                    "name": "a", "namespace": "o11y", "uid": "u2", "resourceVersion": "7",
                    "ownerReferences": [
                        ["kind": "ConfigMap", "name": "base", "uid": "u1", "apiVersion": "v1", "controller": true]
                    ], "labels": ["team": "x"],
                ], "data": ["key": "value"],
            ])
    }

    @Test func `A ServiceAccount in protobuf keeps its secrets`() throws {
        let secret = field(3, "token")
        let object = field(1, field(1, "a")) + field(2, secret) + field(3, field(1, "pull")) + [4 << 3, 1]
        let type = field(1, "v1") + field(2, "ServiceAccount")
        let json = Protobuf.object([0x6B, 0x38, 0x73, 0x00] + field(1, type) + field(2, object))
        #expect(
            json == [
                "apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "a"],
                "secrets": [["name": "token"]], "imagePullSecrets": [["name": "pull"]],
                "automountServiceAccountToken": true,
            ])
    }
}
