#if canImport(Glibc)
import Glibc
#endif
import Kube
import TestSupport
import TributaryAPI
import YAML

/// Files of the repository that the tests read and write.
enum Repository {
    struct Failure: Error { var description: String }

    static func write(_ text: String, to path: String) throws {
        guard let file = fopen("\(Checkout.root)/\(path)", "w") else {
            throw Failure(description: "cannot write \(path)")
        }
        defer { fclose(file) }
        fputs(text, file)
    }

    /// The names in a folder, sorted.
    static func list(_ path: String) -> [String] {
        TemporaryDirectory.names(in: "\(Checkout.root)/\(path)").filter { !$0.hasPrefix(".") }
    }

    /// Every document in the YAML files of the examples, with the path of its file.
    static func examples() throws -> [(file: String, object: Object)] {
        try list("examples").filter { $0 != "README.md" }.flatMap { folder in
            try list("examples/\(folder)").filter { $0.hasSuffix(".yaml") }.flatMap { name in
                let file = "examples/\(folder)/\(name)"
                return try YAML.parse(try Checkout.read(file), file: file).map { (file, Object($0.value)) }
            }
        }
    }
}

/// Parses an object.
func object(_ yaml: String) throws -> Object { Object(try YAML.parseOne(yaml).value) }
