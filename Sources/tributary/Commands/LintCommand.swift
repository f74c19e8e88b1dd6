import ArgumentParser
import FoundationEssentials
import Hashring
import PrometheusConfig

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract:
            "Check hashring files, limits files, custom resources and configurations of Prometheus before they are used.",
        usage: "tributary lint [<options>] <file> ...",
        discussion: """
            The content of a file tells what it is: a JSON list is a hashring file, objects with apiVersion and kind are \
            manifests, YAML with global, scrape_configs, remote_write or remote_read is a configuration of Prometheus, and \
            other YAML is a limits file. Hashring and limits files inside ConfigMaps are checked, too. \
            $(NAME) in a limits file is replaced by this command's environment variable.

            Each finding is a line: file:line:column: error|warning: what is wrong, and what to do. An error is \
            something that makes Thanos or Prometheus refuse the file, exit, hang, or fail requests of a tenant. A last line \
            with info names the files in which nothing was recognised, and what kinds are in them.

            Exit codes: 0 if there are no errors, 1 if there are, 2 for wrong usage.
            """)

    @OptionGroup var receivers: ReceiverOptions

    @Option(
        help: ArgumentHelp(
            "The hashring or limits file that receivers have now. Enables the checks of the change.",
            valueName: "file"))
    var previous: String?

    @Option(
        help: ArgumentHelp(
            """
            The gRPC address, as in hashrings, of a router that runs without --receive.local-endpoint. Can be given \
            several times.
            """, valueName: "host:port"))
    var router: [String] = []

    @Option(
        help: ArgumentHelp(
            "The version of Prometheus that reads configurations of Prometheus. Fields differ between versions.",
            valueName: "version"))
    var prometheusVersion = "3.5.0"

    @Option(
        help: ArgumentHelp(
            "The version of Thanos Receive that reads hashring files. By default the newest.", valueName: "version"))
    var thanosVersion: String?

    @OptionGroup var monitors: MonitorGroupOptions

    @Argument(help: ArgumentHelp("The files and folders to check. - is standard input.", valueName: "file"))
    var files: [String]

    func validate() throws {
        guard PrometheusVersion(prometheusVersion) != nil else {
            throw ValidationError(
                "--prometheus-version: found \"\(prometheusVersion)\", expected a version such as 3.5.0")
        }
        if let thanosVersion, ReceiverVersion(thanosVersion) == nil {
            throw ValidationError("--thanos-version: found \"\(thanosVersion)\", expected a version such as 0.41.0")
        }
    }

    func run() throws {
        var lint = Lint(
            replicationFactor: receivers.replicationFactor, algorithm: receivers.algorithm.algorithm,
            environment: ProcessInfo.processInfo.environment, routers: Set(router),
            prometheus: PrometheusVersion(prometheusVersion) ?? PrometheusVersion(3, 5), group: monitors.group,
            thanos: thanosVersion.flatMap { ReceiverVersion($0) })
        var hasUnreadable = false
        func read(_ path: String, _ take: (InputFile) -> Void) {
            InputFile.forEach(in: path) { result in
                switch result {
                case .success(let file): take(file)
                case .failure(let failure):
                    Output.text(Output.printable(failure.line) + "\n")
                    hasUnreadable = true
                }
            }
        }
        if let previous { read(previous) { lint.takePrevious($0) } }
        for path in files { read(path) { lint.check($0) } }
        Progress.shared.step("comparing what was found")
        lint.finish()
        Output.text(lint.lines.map { $0 + "\n" }.joined())
        if lint.hasErrors || hasUnreadable { throw ExitCode.failure }
    }
}
