import ArgumentParser
import HashringController
import PlanningInput

@main
struct Tributary: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tributary",
        abstract: "Multi-tenant metrics with Prometheus Agent and Thanos Receive on Kubernetes.",
        discussion: """
            The operator creates what GlobalViews, Tenants and PrometheusAgents describe, and keeps the hashrings of \
            Thanos up to date with their receivers.

            To print what the operator would create for some files, without a cluster:
              tributary render -f examples/thanos

            To try it on a small API server on this machine:
              tributary demo

            Exit codes: 0 for success, 1 for an error or a finding, 2 for wrong usage.
            """,
        version: Release.version,
        subcommands: [
            RunCommand.self, HashringCommand.self, RenderCommand.self, DiffCommand.self, WhyCommand.self,
            StatusCommand.self, GraphCommand.self, DoctorCommand.self, GCCommand.self,
            ConvertCommand.self, LintCommand.self,
            RouteCommand.self, DiffRingsCommand.self, LocalCommand.self, DemoCommand.self, ReloadCommand.self,
            RelayCommand.self, IdentityCommand.self, CRDsCommand.self, VersionCommand.self,
        ])

    /// Runs the command that the arguments name. Any error ends the program with one line on standard error: with exit
    /// code 2 for wrong usage, where ArgumentParser has 64, else with 1.
    static func main() async {
        do {
            var command = try parseAsRoot(try arguments())
            defer { Progress.shared.end() }
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            if let problem = Output.problem { throw CommandFailure(line: problem) }
        } catch let failure as CommandFailure {
            Output.error(Output.printable(failure.line))
            exit(withError: ExitCode.failure)
        } catch {
            switch exitCode(for: error) {
            case .validationFailure:
                Output.error(fullMessage(for: error))
                exit(withError: ExitCode(2))
            case .failure where !(error is ExitCode):
                Output.error(Output.printable("error: \(error)"))
                exit(withError: ExitCode.failure)
            default:
                // A command that ends with findings may not have printed all of them.
                if let problem = Output.problem { Output.error(Output.printable(problem)) }
                exit(withError: error)
            }
        }
    }

    /// The arguments. Those of `hashring` are read as thanos-receive-controller reads its own.
    private static func arguments() throws -> [String] {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first, name == HashringCommand.configuration.commandName else { return arguments }
        do throws(GoFlags.Fault) {
            return [name]
                + (try GoFlags.normalized(
                    Array(arguments.dropFirst()), values: HashringCommand.values, switches: HashringCommand.switches))
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
