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
        abstract: "Keep the configuration files of a Prometheus up to date, as a side-car.",
        usage: "tributary reload --config-dir <folder> --output-dir <folder> [<options>]",
        discussion: """
            Copies the files of --config-dir to --output-dir, and replaces $(NAME) for each --expand NAME. When the \
            files change, copies them again and sends SIGHUP to the Prometheus that was started with \
            --config.file=OUTPUT-DIR/prometheus.yaml. The containers must share their process namespace.

            Tributary adds this side-car to agents that need it: with Prometheus before 3.0, and as a DaemonSet.
            """)

    @Option(help: ArgumentHelp("The folder where the configuration is mounted.", valueName: "folder"))
    var configDir: String

    @Option(help: ArgumentHelp("The folder that Prometheus reads, for example in memory.", valueName: "folder"))
    var outputDir: String

    @Option(help: ArgumentHelp("The name of the file that Prometheus is started with.", valueName: "name"))
    var configFile = "prometheus.yaml"

    @Option(help: ArgumentHelp("An environment variable to expand. Can be given several times.", valueName: "name"))
    var expand: [String] = []

    @Option(
        help: ArgumentHelp(
            "Another folder; a change in it causes a reload. Can be given several times.", valueName: "folder"))
    var watchDir: [String] = []

    @Flag(help: "Copy once and exit, for an init container.")
    var once = false

    @Option(help: ArgumentHelp("The format of log lines.", valueName: "format"))
    var logFormat: LogFormat = .logfmt

    func run() throws {
        exitOnSignals()
        logFormat.bootstrap(level: .info)
        var reloader = ConfigReloader(
            source: ConfigFolder(path: configDir), output: ConfigFolder(path: outputDir), configFile: configFile,
            expansion: try Expansion(expand), watched: watchDir.map(ConfigFolder.init), logger: Logger(label: "reload"))
        if once {
            _ = try reloader.synchronize()
        } else {
            try reloader.run()
        }
    }

    /// Exits at once on SIGTERM and SIGINT, which is safe since each file is written atomically.
    ///
    /// Without a handler, the first process of a container ignores SIGTERM; and a parent may have blocked the signals.
    private func exitOnSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in _exit(0) }
            sigaddset(&signals, number)
        }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
