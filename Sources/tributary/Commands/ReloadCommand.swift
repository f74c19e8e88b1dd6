import ArgumentParser
import ConfigReload
import Logging
import Observability

#if canImport(Glibc)
import Glibc
#endif

struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Keep a Prometheus's configuration files up to date, as a side-car.",
        discussion: """
            Copies the files of --config-dir to --output-dir with $(NAME) expanded for each --expand NAME, again
            whenever they change, and sends SIGHUP to the Prometheus that was started with
            --config.file=OUTPUT-DIR/prometheus.yaml. Containers have to share their process namespace.

            Agents get it where Prometheus cannot do without: before version 3.0, and on every node as a DaemonSet.
            """)

    @Option(help: "The folder with the configuration, as it is mounted.")
    var configDir: String

    @Option(help: "The folder that Prometheus reads, such as one in memory.")
    var outputDir: String

    @Option(help: "The name of the file that Prometheus is started with.")
    var configFile = "prometheus.yaml"

    @Option(help: "An environment variable to expand; can be given several times.")
    var expand: [String] = []

    @Option(help: "A further folder whose changes ask for a reload; can be given several times.")
    var watchDir: [String] = []

    @Flag(help: "Copy once and end, as an init container does.")
    var once = false

    @Option(help: "How log lines are written: \(LogFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    var logFormat: LogFormat = .logfmt

    func run() throws {
        endOnSignals()
        logFormat.bootstrap(level: .info)
        do {
            var reloader = ConfigReloader(
                source: ConfigFolder(path: configDir), output: ConfigFolder(path: outputDir), configFile: configFile,
                expansion: try Expansion(expand),
                watched: watchDir.map(ConfigFolder.init), logger: Logger(label: "reload"))
            if once {
                _ = try reloader.synchronize()
            } else {
                try reloader.run()
            }
        } catch {
            Output.error("error: \(error)")
            throw ExitCode(1)
        }
    }

    /// Ends at once when told to, as each file is written in one step. The first process of a container would get no
    /// SIGTERM without this, nor would one whose parent had it blocked.
    private func endOnSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in _exit(0) }
            sigaddset(&signals, number)
        }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
