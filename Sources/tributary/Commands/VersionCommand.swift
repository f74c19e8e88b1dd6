import ArgumentParser
import PlanningInput

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version.")

    func run() { Output.text("tributary \(Release.version)\n") }
}
