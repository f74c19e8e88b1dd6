import ArgumentParser
import Hashring

struct DiffRingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff-rings",
        abstract: "Tell what share of series goes to other receivers with a new hashring file.",
        discussion: """
            Each line is for tenants that share their old and new ring. A series moves where at least one of its copies
            goes to a receiver that had none of them; 65536 hash values, spread evenly, stand for all series.
            Exit codes: 0 told, 1 a file cannot be read, 2 wrong usage.
            """)

    @OptionGroup var receivers: ReceiverOptions

    @Argument(help: ArgumentHelp("The hashring file that receivers hold.", valueName: "old"))
    var old: String

    @Argument(help: ArgumentHelp("The one that comes next; - is standard input.", valueName: "new"))
    var new: String

    func run() throws {
        let differences = HashringDifference.between(
            try HashringFile(reading: old), try HashringFile(reading: new),
            replicationFactor: receivers.replicationFactor, defaultAlgorithm: receivers.algorithm.algorithm)
        for line in differences {
            let moved =
                receivers.replicationFactor == 1
                ? "" : ", \(Self.percent(line.movedCopies)) of copies"
            Output.text(
                Lint.printable(
                    "\(Self.names(line.tenants)): \(Self.percent(line.movedSeries)) of series move\(moved): "
                        + "\(line.old) → \(line.new)") + "\n")
        }
    }

    private static func names(_ tenants: [String?]) -> String {
        let shown = tenants.prefix(5).map { $0.map { "\"\($0)\"" } ?? "any other tenant" }.joined(separator: ", ")
        return tenants.count > 5 ? "\(shown) and \(tenants.count - 5) more" : shown
    }

    /// A share with one digit after the point; what is more than nothing never reads as nothing.
    static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        if tenths == 0, share > 0 { return "<0.1 %" }
        if tenths == 1000, share < 1 { return ">99.9 %" }
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
