import ArgumentParser
import KubeClient
import Logging
import Observability
import PlanningInput
import ServiceLifecycle
import UnixSignals
import WriteRelay

struct RelayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay",
        abstract: "Force the label of tenants on what they write to a central Prometheus.",
        usage: "tributary relay --upstream <url> ... --label <name> [<options>]",
        discussion: """
            Takes remote writes at POST /write from the gateway of a GlobalView, forces the label on every series with \
            the id in the header X-Tributary-Tenant, sends them to --upstream and returns its answer. Whoever reaches \
            it can write as any tenant, so only the gateway may.

            With several --upstream, which are replicas, every write goes to all of them and succeeds only if all have \
            it. A replica that is down holds up writes for --replica-patience. Then they go on without it, until it is \
            back.

            Tributary runs it behind the gateway of GlobalViews with prometheus, unless writeIsolation is Trusted and \
            there is one replica.
            """)

    @Option(help: ArgumentHelp("The address for writes: HOST:PORT or :PORT.", valueName: "address"))
    var listenAddress = ":8080"

    @Option(
        help: ArgumentHelp(
            "The address of /metrics, /healthz and /readyz: HOST:PORT or :PORT. 0 disables them.",
            valueName: "address"))
    var metricsBindAddress = ":8081"

    @Option(
        help: ArgumentHelp(
            "Where the central Prometheus receives remote writes. Repeat it for each replica.", valueName: "url"))
    var upstream: [String]

    @Option(help: ArgumentHelp("The name of the tenant label.", valueName: "name"))
    var label: String?

    @Flag(help: "Send writes as they are, so that tenants can write series with the labels of others.")
    var keepLabels = false

    @Option(
        help: ArgumentHelp(
            "The file with the authorities that certificates of --upstream are checked with, in PEM. Defaults to those "
                + "of the system.", valueName: "file"))
    var upstreamCaFile: String?

    @Option(
        help: ArgumentHelp(
            "The file with the user name that --upstream asks for. Read for each write, as is the password.",
            valueName: "file"))
    var upstreamUsernameFile: String?

    @Option(help: ArgumentHelp("The file with the password that --upstream asks for.", valueName: "file"))
    var upstreamPasswordFile: String?

    @Option(
        help: ArgumentHelp(
            "How long writes wait for a replica that is down, before they go on without it.", valueName: "duration"))
    var replicaPatience = DurationArgument(.seconds(300))

    @Flag(
        inversion: .prefixedNo,
        help: "Accept remote write 2.0. Prometheus before 2.54 answers to it as if it had stored something.")
    var acceptV2 = true

    @Option(help: ArgumentHelp("The most writes at the same time.", valueName: "n"))
    var maxRequests = 64

    @Option(
        help: ArgumentHelp(
            "The most bytes of a message, not compressed. All writes together take at most three times as many.",
            valueName: "bytes"))
    var maxMessageBytes = 64 << 20

    @Option(
        help: ArgumentHelp("How long to go on serving after the signal to end.", valueName: "duration"))
    var shutdownDelay = DurationArgument(.seconds(5))

    @OptionGroup var log: LogOptions

    func validate() throws {
        guard (1...10_000).contains(maxRequests) else {
            throw ValidationError("--max-requests \(maxRequests): should be from 1 to 10000")
        }
        guard (1024...(1 << 30)).contains(maxMessageBytes) else {
            throw ValidationError("--max-message-bytes \(maxMessageBytes): should be from 1024 to 1073741824")
        }
        guard label != "" else { throw ValidationError("--label: should be the name of a label") }
        guard (label != nil) != keepLabels else {
            throw ValidationError("--label: exactly one of --label and --keep-labels is required")
        }
        guard Set(upstream).count == upstream.count else {
            throw ValidationError("--upstream: the same replica is there twice")
        }
        guard (upstreamUsernameFile == nil) == (upstreamPasswordFile == nil) else {
            throw ValidationError("--upstream-username-file: should be there together with --upstream-password-file")
        }
        for url in upstream {
            do throws(KubeClientError) {
                _ = try ServerURL(url)
            } catch {
                throw ValidationError("--upstream: \(error.problem)")
            }
        }
        _ = try addresses
    }

    private var addresses: (writes: BindAddress, metrics: BindAddress?) {
        get throws {
            guard let writes = try Self.address(listenAddress, "--listen-address") else {
                throw ValidationError("--listen-address \(listenAddress): should be host:port or :port")
            }
            return (writes, try Self.address(metricsBindAddress, "--metrics-bind-address"))
        }
    }

    private static func address(_ text: String, _ option: String) throws -> BindAddress? {
        do throws(BindAddress.Fault) {
            return try BindAddress.parse(text)
        } catch {
            throw ValidationError("\(option): \(error)")
        }
    }

    func run() async throws {
        SpareMemory.shareHeaps()
        log.logFormat.bootstrap(level: log.logLevel)
        let logger = Logger(label: "relay")
        var configuration = RelayConfiguration(upstreams: upstream, label: label)
        configuration.acceptsSecondVersion = acceptV2
        configuration.authoritiesFile = upstreamCaFile
        if let name = upstreamUsernameFile, let password = upstreamPasswordFile {
            configuration.login = (name, password)
        }
        configuration.replicaPatience = replicaPatience.duration
        configuration.maximumRequests = maxRequests
        configuration.maximumMessageBytes = maxMessageBytes
        let process = RelayProcess(
            configuration, addresses: try addresses, shutdownDelay: shutdownDelay.duration, logger: logger)
        logger.info(
            "starting",
            metadata: ["version": "\(Release.version)", "upstream": "\(upstream.joined(separator: ", "))"])
        var group = ServiceGroupConfiguration(
            services: [.init(service: process)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumCancellationDuration = .seconds(5)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch {
            logger.critical("stopped", metadata: ["error": "\(error)"])
            throw ExitCode.failure
        }
        logger.info("stopped")
    }
}
