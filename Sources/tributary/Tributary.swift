import ArgumentParser
import HashringController

@main
struct Tributary: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tributary",
        abstract: "Multi-tenant metrics with Prometheus Agent and Thanos Receive, on Kubernetes.",
        discussion: """
            The operator makes what GlobalViews, Tenants and PrometheusAgents ask for, and keeps Thanos's hashrings in
            step with their receivers.

            To see what it would make of some files, without a cluster:
              tributary render -f examples/thanos
            To try it out on a small API server on this machine:
              tributary demo
            Exit codes: 0 all is well, 1 something wrong was found, 2 the command was used wrongly.
            """,
        version: Version.current,
        subcommands: [
            RunCommand.self, HashringCommand.self, RenderCommand.self, ConvertCommand.self, LintCommand.self,
            RouteCommand.self, DiffRingsCommand.self, LocalCommand.self, DemoCommand.self, ReloadCommand.self,
            CRDsCommand.self,
            VersionCommand.self,
        ])

    /// Runs the command that the arguments name; wrong usage ends with 2, where ArgumentParser alone would say 64.
    static func main() async {
        do {
            var command = try parseAsRoot(try arguments())
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            let code = exitCode(for: error)
            guard code == .validationFailure else { exit(withError: error) }
            Output.error(fullMessage(for: error))
            exit(withError: ExitCode(2))
        }
    }

    /// The arguments; those of `hashring` as thanos-receive-controller takes them.
    private static func arguments() throws -> [String] {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.first == HashringCommand.configuration.commandName else { return arguments }
        do {
            return ["hashring"]
                + (try GoFlags.normalized(
                    Array(arguments.dropFirst()), values: HashringCommand.values, switches: HashringCommand.switches))
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
