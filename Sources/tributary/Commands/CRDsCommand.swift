import ArgumentParser
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

    @Option(
        help: ArgumentHelp("Write a page about the fields of each kind to a file in this folder.", valueName: "folder"))
    var docs: String?

    func run() throws {
        if output == nil, docs == nil { Output.text(YAML.write(TributaryAPI.customResourceDefinitions)) }
        for kind in TributaryAPI.kinds {
            if let output {
                let file = "\(output)/\(TributaryAPI.group)_\(kind.resource.plural).yaml"
                try OutputFile.write(YAML.write(kind.crd), to: file)
            }
            if let docs {
                try OutputFile.write(FieldPage(kind).text, to: "\(docs)/\(kind.resource.kind.lowercased()).md")
            }
        }
    }
}
