import Kube

/// Why an object gives series, or why it does not.
package struct Explanation: Sendable, Hashable {
    /// The kind of the explained object.
    package var kind: String
    /// Its namespace and name.
    package var key: ObjectKey
    /// What was found, in the order of the way that series take.
    package var findings: [Finding]
    /// Whether series come, as far as can be told.
    package var works: Bool
    /// The last line: what follows from the findings.
    package var outcome: String

    /// The explanation as lines of text.
    package var lines: [String] {
        ["\(kind) \(key)"]
            + findings.map { "  \($0.verdict.rawValue.padded(to: 4))  \($0.line)" }
            + ["-> \(outcome)"]
    }

    /// The explanation for programs.
    package var json: JSON {
        [
            "kind": JSON(kind), "namespace": JSON(key.namespace), "name": JSON(key.name), "works": .bool(works),
            "outcome": JSON(outcome), "findings": .array(findings.map(\.json)),
        ]
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
