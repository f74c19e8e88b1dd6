import Kube

extension HashringFile {
    /// The rules about a step from the published text to this file.
    ///
    /// Shuffle-sharded rings register metrics under their names. On any change of the file, white space included,
    /// receivers build the new rings before they drop the old ones, and panic where a name comes twice.
    func transitionFindings(from previous: String?, to text: String) -> [Finding] {
        var findings: [Finding] = []
        var names: [String: Int] = [:]
        for (index, ring) in rings.enumerated() where ring.isShuffleSharded {
            if let first = names[ring.name] {
                findings.append(
                    Finding(
                        severity: .error, ring: RingContext.label(ring, index),
                        field: FieldPath().appending(index).appending("hashring"),
                        message: "ring \(first + 1) of the file has the same name and shuffle sharding too: receivers "
                            + "panic; give each a name of its own"))
            }
            names[ring.name] = names[ring.name] ?? index
        }
        guard let previous, !previous.utf8.elementsEqual(text.utf8), let before = try? HashringFile(parsing: previous)
        else {
            return findings
        }
        for name in Set(before.rings.filter(\.isShuffleSharded).map(\.name)).sorted() {
            guard let index = names[name] else { continue }
            findings.append(
                Finding(
                    severity: .error, ring: RingContext.label(rings[index], index),
                    field: FieldPath().appending(index).appending("hashring"),
                    message: "the published file has a shuffle-sharded ring of this name: running receivers panic on "
                        + "any change of the file; give the ring another name, or switch shuffle sharding off first"))
        }
        return findings
    }
}
