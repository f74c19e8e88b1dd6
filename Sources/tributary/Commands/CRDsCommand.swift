import ArgumentParser
import FoundationEssentials
import Kube
import TributaryAPI
import YAML

struct CRDsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crds",
        abstract: "Print the CustomResourceDefinitions.",
        discussion: """
            To install them:
              tributary crds | kubectl apply --server-side -f -
            """)

    @Option(help: ArgumentHelp("Write each definition to a file in this folder.", valueName: "folder"))
    var output: String?

    func run() throws {
        guard let output else {
            Output.text(YAML.write(TributaryAPI.customResourceDefinitions))
            return
        }
        for kind in TributaryAPI.kinds {
            let path = "\(output)/\(TributaryAPI.group)_\(kind.resource.plural).yaml"
            do {
                try Data(YAML.encode([kind.crd])).write(to: URL(filePath: path))
            } catch {
                throw CommandFailure(line: "error: \(path): the file cannot be written")
            }
        }
    }
}
