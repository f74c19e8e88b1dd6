import ArgumentParser
import TributaryAPI
import YAML

struct CRDsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crds",
        abstract: "Print the CustomResourceDefinitions.",
        discussion: "To install them: tributary crds | kubectl apply --server-side -f -")

    func run() { Output.text(YAML.write(TributaryAPI.customResourceDefinitions)) }
}
