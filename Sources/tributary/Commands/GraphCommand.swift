import ArgumentParser
import Topology

struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw what stands where: agents, tenants, rings, receivers, stores, and how they are.",
        usage: "tributary graph [-f <file|dir> ...] [-o <format>] [<options>]",
        discussion: """
            Reads files with -f, else the cluster of --kubeconfig, of $KUBECONFIG, or of ~/.kube/config. Lists each kind \
            once and writes nothing. Of files, it is drawn what there would be, and what is wrong in them.

            Of many tenants, agents or receivers, those that are wrong are named first and the others are counted, so that \
            a drawing stays small. -o json has all of them.

              tributary graph -f examples/thanos-managed
              tributary graph -o svg > tributary.svg
              tributary graph -o dot | dot -Tpdf > tributary.pdf

            Exit codes: 0 for success, 1 if there is nothing to draw or something cannot be read, 2 for wrong usage.
            """)

    @OptionGroup var source: SourceOptions

    @Option(
        help: ArgumentHelp("The only namespace of the cluster to read. Defaults to all namespaces.", valueName: "name"))
    var namespace: String?

    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp("The format: mermaid, dot, svg or json.", valueName: "format"))
    var output: TopologyFormat = .mermaid

    func validate() throws {
        guard source.f.isEmpty || namespace == nil else {
            throw ValidationError("-f: cannot be combined with --namespace, which is of a cluster")
        }
    }

    func run() async throws {
        let topology = try await DrawnObjects.topology(of: source, namespace: namespace)
        guard !topology.views.isEmpty || !topology.tenants.isEmpty || !topology.agents.isEmpty else {
            let place = source.f.isEmpty ? "the cluster" : "the files"
            throw CommandFailure(line: "error: there is no GlobalView, Tenant or PrometheusAgent in \(place)")
        }
        Output.text(topology.drawn(as: output))
    }
}

extension TopologyFormat: ExpressibleByArgument {}
