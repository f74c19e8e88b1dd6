import ArgumentParser
import Hashring

struct DiffRingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff-rings",
        abstract: "Print the share of series that a new hashring file moves to other receivers.",
        usage: "tributary diff-rings [<options>] <old> <new>",
        discussion: """
            Each line is for the tenants that have the same old and new hashring. A series moves if at least one of its \
            copies goes to a receiver that had none before. The share is an estimate from 65536 evenly spread hash values.

            Exit codes: 0 for success, 1 if a file cannot be read, 2 for wrong usage.
            """)

    @OptionGroup var receivers: ReceiverOptions

    @Argument(help: ArgumentHelp("The hashring file that receivers have now.", valueName: "old"))
    var old: String

    @Argument(help: ArgumentHelp("The new hashring file. - is standard input.", valueName: "new"))
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
                Output.printable(
                    "\(Self.names(line.tenants)): \(Self.percent(line.movedSeries)) of series move\(moved): "
                        + "\(line.old) → \(line.new)") + "\n")
        }
    }

    private static func names(_ tenants: [String?]) -> String {
        let shown = tenants.prefix(5).map { $0.map { "\"\($0)\"" } ?? "any other tenant" }.joined(separator: ", ")
        return tenants.count > 5 ? "\(shown) and \(tenants.count - 5) more" : shown
    }

    /// A share with one digit after the point. Only a share of 0 reads as 0.0 %, and only one of 1 as 100.0 %.
    static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        if tenths == 0, share > 0 { return "<0.1 %" }
        if tenths == 1000, share < 1 { return ">99.9 %" }
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
