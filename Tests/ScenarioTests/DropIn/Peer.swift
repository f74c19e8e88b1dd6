import Hashring
import Kube
import TestSupport

/// thanos-receive-controller and the drop-in, each with its own generated ConfigMap.
struct Peer {
    static let path = ChildProcess.environment["THANOS_RECEIVE_CONTROLLER_BIN"]

    let dropIn: DropIn
    let originalPort: Int
    let dropInPort: Int

    static func flags(_ generated: String, _ port: Int) -> [String] {
        [
            "-configmap-name", DropIn.base, "-configmap-generated-name=\(generated)", "--file-name=\(DropIn.file)",
            "--scale-timeout=0s", "-internal-addr=127.0.0.1:\(port)",
        ]
    }

    static func play(_ dropIn: DropIn, _ more: [String], _ body: (Peer) async throws -> Void) async throws {
        try await Program.with(dropIn.scenario, as: dropIn.cluster) { program in
            let peer = Peer(dropIn: dropIn, originalPort: try freePort(), dropInPort: try freePort())
            _ = try program.start(flags("original", peer.originalPort) + more, path: path)
            _ = try program.start(flags("drop-in", peer.dropInPort) + more, command: "hashring")
            try await body(peer)
        }
    }

    static func metrics(_ port: Int) async throws -> String {
        try await curl(["http://127.0.0.1:\(port)/metrics"]).body
    }

    /// Waits until both have written a file for which `isMeant` is true, and the ConfigMaps are equal.
    ///
    /// The texts have to be equal. thanos-receive-controller orders several StatefulSets randomly, so for these each
    /// hashring only has to have the same receivers. The owners have to be the same, too.
    func expectSame(_ what: String, _ isMeant: (HashringFile) -> Bool = { _ in true }) async throws {
        var last: [Object?] = []
        func isSame() async throws -> Bool {
            last = []
            for name in ["original", "drop-in"] { last.append(try await dropIn.scenario.get(.configMaps, name)) }
            guard let original = last[0], let own = last[1] else { return false }
            let texts = [original, own].compactMap { $0.json["data", DropIn.file]?.string }
            guard texts.count == 2, let file = try? HashringFile(parsing: texts[0]), isMeant(file) else { return false }
            let isOneSet = file.rings.allSatisfy { hashring in
                Set(hashring.endpoints.map { $0.address.split(separator: ".").dropFirst().first }).count < 2
            }
            let isEqual = isOneSet ? texts[0] == texts[1] : Self.sorted(texts[0]) == Self.sorted(texts[1])
            return isEqual && original.json["metadata", "ownerReferences"] == own.json["metadata", "ownerReferences"]
                && original.labels == own.labels
                && original.json["data"]?.object?.count == own.json["data"]?.object?.count
        }
        do {
            try await waitUntil(what, within: .seconds(30)) { try await isSame() }
        } catch is WaitingError {
            let texts = last.map { $0?.json.text() ?? "nothing" }
            throw WaitingError(
                description:
                    "\(what): the ConfigMaps of thanos-receive-controller and the drop-in differ:\n\(texts.joined(separator: "\n"))"
            )
        }
    }

    private static func sorted(_ text: String) -> HashringFile? {
        var file = try? HashringFile(parsing: text)
        for index in file?.rings.indices ?? 0..<0 { file?.rings[index].endpoints.sort { $0.address < $1.address } }
        return file
    }
}
