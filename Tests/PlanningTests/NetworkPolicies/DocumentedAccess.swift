import Kube
import TestSupport

/// The table of `docs/network-policies.md`.
struct DocumentedAccess {
    struct Row {
        var pods: String
        var ports: Set<String>
        var from: Set<String>
        var conditions: Set<String>
    }

    let rows: [Row]

    init() throws {
        let lines = try Checkout.read("docs/network-policies.md").split(separator: "\n")
        let table = lines.filter { $0.hasPrefix("| ") }.dropFirst(2)
        rows = table.map { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().map { cell in
                cell.split(separator: ",").map { word in
                    String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
                }.filter { !$0.isEmpty }
            }
            return Row(
                pods: cells[0].joined(), ports: Set(cells[1]), from: Set(cells[2]), conditions: Set(cells[3]))
        }
    }

    /// Who may connect to a port, under conditions; empty if nobody may.
    func peers(of pods: String, port: String, _ conditions: Set<String>) -> Set<String> {
        rows.filter { $0.pods == pods && $0.ports.contains(port) && $0.conditions.isSubset(of: conditions) }
            .reduce(into: []) { $0.formUnion($1.from) }
    }
}
