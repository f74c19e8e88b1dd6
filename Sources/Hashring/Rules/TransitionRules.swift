import Kube

extension HashringFile {
    /// The rules about the change from the published text to this file.
    ///
    /// Shuffle-sharded hashrings register metrics under their names. On any change of the file, including white space,
    /// receivers build the new hashrings before they drop the old ones, and panic if a name exists twice.
    func transitionFindings(from previous: String?, to text: String) -> [Finding] {
        var findings: [Finding] = []
        var names: [String: Int] = [:]
        for (index, ring) in rings.enumerated() where ring.isShuffleSharded {
            if let first = names[ring.name] {
                findings.append(
                    Finding(
                        severity: .error, ring: HashringContext.label(ring, index),
                        field: FieldPath().appending(index).appending("hashring"),
                        message:
                            "hashring \(first + 1) of the file has the same name and shuffle sharding, too: receivers "
                            + "panic; give each a different name"))
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
                    severity: .error, ring: HashringContext.label(rings[index], index),
                    field: FieldPath().appending(index).appending("hashring"),
                    message:
                        "the published file has a shuffle-sharded hashring of this name: running receivers panic on "
                        + "any change of the file; rename the hashring or disable shuffle sharding first"))
        }
        return findings
    }
}
