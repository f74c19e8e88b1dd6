import ArgumentParser
import Hashring

struct RouteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Tell which hashring and which receivers a tenant's series go to, by Thanos's own hash.",
        discussion: """
            The series has the labels that remote write sends, external labels among them.
            Exit codes: 0 there is a way, 1 there is none or the file cannot be read, 2 wrong usage.
            """)

    @OptionGroup var receivers: ReceiverOptions

    @Option(help: ArgumentHelp("The tenant's id.", valueName: "id"))
    var tenant: String

    @Option(help: ArgumentHelp("A series as PromQL writes it: 'up{job=\"node\"}'.", valueName: "series"))
    var series: String?

    @Argument(help: ArgumentHelp("The hashring file; - is standard input.", valueName: "file"))
    var file: String

    func run() throws {
        let labels: SeriesLabels?
        do {
            labels = try series.map { try SeriesLabels(parsing: $0) }
        } catch {
            throw ValidationError("--series: \(error)")
        }
        let rings = try HashringFile(reading: file)
        var router = HashringRouter(
            rings, replicationFactor: receivers.replicationFactor, defaultAlgorithm: receivers.algorithm.algorithm)
        let route: Route
        do throws(RoutingError) {
            route = try router.route(tenant: tenant)
        } catch {
            Output.error(Lint.printable("error: \(error)"))
            throw ExitCode(1)
        }
        let name = route.ring.name.isEmpty ? "without a name" : "\"\(route.ring.name)\""
        let all = route.ring.endpoints.count
        let count = route.endpoints.count == all ? "\(all)" : "\(route.endpoints.count) of \(all)"
        var lines = [
            "tenant \"\(tenant)\": hashring \(name), \(route.index + 1) of \(rings.rings.count) in the file, "
                + "\(route.algorithm.rawValue), \(count) endpoints"
        ]
        if let labels {
            lines.append("series \(labels)")
            for (place, endpoint) in route.copies(of: labels, tenant: tenant).enumerated() {
                lines.append("  copy \(place + 1): \(Self.text(endpoint))")
            }
        } else {
            lines += route.endpoints.map { "  \(Self.text($0))" }
        }
        Output.text(lines.map { Lint.printable($0) + "\n" }.joined())
    }

    private static func text(_ endpoint: Endpoint) -> String {
        endpoint.address + (endpoint.zone.map { " (zone \($0))" } ?? "")
    }
}

extension HashringFile {
    /// Reads a command's hashring file; a fault is told, and ends the command with 1.
    init(reading path: String) throws {
        do throws(InputFile.Failure) {
            self = try InputFile(reading: path).hashrings()
        } catch {
            Output.error(Lint.printable(error.line))
            throw ExitCode(1)
        }
    }
}
