import ArgumentParser
import ClientIdentity
import Logging
import Observability
import PlanningInput
import ServiceLifecycle
import UnixSignals

struct IdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Tell the gateway of a GlobalView which URI a client certificate has.",
        usage: "tributary identity [<options>]",
        discussion: """
            Answers GET /identify: the header X-Tributary-Client-Certificate has a certificate as \
            $ssl_client_escaped_cert of nginx, and X-Tributary-URI of the answer the one URI among the alternative \
            names of its subject. A certificate with none or with several gets status 403.

            Tributary runs it beside nginx for GlobalViews with gateway.authentication.clientCertificates.tenantFrom \
            URI.
            """)

    @Option(help: ArgumentHelp("The address for questions: HOST:PORT or :PORT.", valueName: "address"))
    var listenAddress = "127.0.0.1:8083"

    @Option(
        help: ArgumentHelp(
            "The address of /metrics, /healthz and /readyz: HOST:PORT or :PORT. 0 disables them.",
            valueName: "address"))
    var metricsBindAddress = ":8082"

    @Option(help: ArgumentHelp("How long to go on serving after the signal to end.", valueName: "duration"))
    var shutdownDelay = DurationArgument(.seconds(15))

    @OptionGroup var log: LogOptions

    func validate() throws { _ = try addresses }

    private var addresses: (questions: BindAddress, metrics: BindAddress?) {
        get throws {
            guard let questions = try Self.address(listenAddress, "--listen-address") else {
                throw ValidationError("--listen-address \(listenAddress): should be host:port or :port")
            }
            return (questions, try Self.address(metricsBindAddress, "--metrics-bind-address"))
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
        let logger = Logger(label: "identity")
        let process = IdentityProcess(
            addresses: try addresses, shutdownDelay: shutdownDelay.duration, logger: logger)
        logger.info("starting", metadata: ["version": "\(Release.version)"])
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
