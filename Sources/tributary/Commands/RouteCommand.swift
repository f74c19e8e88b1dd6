import ArgumentParser
import Hashring

struct RouteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Print the hashring and the receivers of a tenant or of one of its series.",
        usage: "tributary route --tenant <id> [<options>] <file>",
        discussion: """
            The hash is that of Thanos. The series must have all labels that remote write sends, including external \
            labels.

            Exit codes: 0 for success, 1 if no hashring serves the tenant or the file cannot be read, 2 for wrong usage.
            """)

    @OptionGroup var receivers: ReceiverOptions

    @Option(help: ArgumentHelp("The tenant's ID.", valueName: "id"))
    var tenant: String

    @Option(help: ArgumentHelp("A series in PromQL syntax: 'up{job=\"node\"}'.", valueName: "series"))
    var series: String?

    @Argument(help: ArgumentHelp("The hashring file. - is standard input.", valueName: "file"))
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
        let route = try router.route(tenant: tenant)
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
        Output.text(lines.map { Output.printable($0) + "\n" }.joined())
    }

    private static func text(_ endpoint: Endpoint) -> String {
        endpoint.address + (endpoint.zone.map { " (zone \($0))" } ?? "")
    }
}
