import ArgumentParser
import FoundationEssentials
import Hashring

/// The flags of the receivers that a hashring file means something by.
struct ReceiverOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The receivers' --receive.replication-factor.", valueName: "n"))
    var replicationFactor = 1

    @Option(help: "The receivers' --receive.hashrings-algorithm: hashmod or ketama.")
    var algorithm: DefaultAlgorithm = .hashmod

    enum DefaultAlgorithm: String, ExpressibleByArgument, CaseIterable {
        case hashmod, ketama

        var algorithm: Algorithm { self == .ketama ? .ketama : .hashmod }
    }

    func validate() throws {
        guard replicationFactor > 0 else {
            throw ValidationError("--replication-factor: found \(replicationFactor), expected 1 or more")
        }
    }
}

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check hashring files, limits files and custom resources before anything runs with them.",
        discussion: """
            What a file is, its content says: hashrings are a JSON list, custom resources have apiVersion and kind, and
            other YAML is a limits file. Each finding is a line: file:line:column: error|warning: what, and what to do.
            An error is what Thanos refuses, exits on, hangs on, or fails a tenant's requests with.
            Files inside ConfigMaps are checked too, and findings are told where they stand in the manifest.
            $(NAME) in a limits file is taken from this command's environment.
            Exit codes: 0 no error, 1 an error, 2 wrong usage.
            """)

    @OptionGroup var receivers: ReceiverOptions

    @Option(
        help: ArgumentHelp(
            "The hashring or limits file that receivers hold now: the step to the new one is checked too.",
            valueName: "file"))
    var previous: String?

    @Option(
        help: ArgumentHelp(
            "The gRPC address of a router that runs without --receive.local-endpoint, as hashrings name receivers; "
                + "may be given several times.", valueName: "host:port"))
    var router: [String] = []

    @Argument(help: ArgumentHelp("Files, and folders with such files; - is standard input.", valueName: "file"))
    var files: [String]

    func run() throws {
        var lint = Lint(
            replicationFactor: receivers.replicationFactor, algorithm: receivers.algorithm.algorithm,
            environment: ProcessInfo.processInfo.environment, routers: Set(router))
        var unreadable = false
        func read(_ path: String) -> InputFile? {
            do throws(InputFile.Failure) {
                return try InputFile(reading: path)
            } catch {
                Output.text(Lint.printable(error.line) + "\n")
                unreadable = true
                return nil
            }
        }
        if let previous, let file = read(previous) { lint.takePrevious(file) }
        for path in InputFile.expand(files) {
            if let file = read(path) { lint.check(file) }
        }
        lint.finish()
        Output.text(lint.lines.map { $0 + "\n" }.joined())
        if lint.hasErrors || unreadable { throw ExitCode(1) }
    }
}
