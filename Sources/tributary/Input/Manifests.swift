import FoundationEssentials
import Kube
import YAML

/// The Kubernetes objects of files and folders, each with the place it stands at, for messages.
struct Manifests {
    /// One object.
    struct Entry {
        var object: Object
        var file: String
        var document: YAMLDocument

        /// `file:line:column` of a field, or of the object where the field is not there.
        func location(of field: FieldPath?) -> String {
            let position = document.position(of: field ?? FieldPath()) ?? document.start
            return position.map { "\(file):\($0.line):\($0.column)" } ?? file
        }
    }

    private(set) var entries: [Entry] = []
    /// What could not be read: one line each, starting with the place.
    private(set) var problems: [String] = []

    /// Reads files and, in folders, every `.yaml`, `.yml` and `.json` file in the order of their names; `-` is standard
    /// input.
    init(reading paths: [String]) {
        for path in paths { read(path) }
    }

    private mutating func read(_ path: String) {
        if path == "-" {
            add(Self.standardInput(), file: "standard input")
            return
        }
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            problems.append("\(path): error: no such file or folder")
            return
        }
        guard isDirectory else {
            readFile(path)
            return
        }
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            for name in names.sorted() where !name.hasPrefix(".") {
                let inner = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
                var isFolder = false
                guard FileManager.default.fileExists(atPath: inner, isDirectory: &isFolder) else { continue }
                let isManifest = [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
                if isFolder || (isManifest && name != "kustomization.yaml") { read(inner) }
            }
        } catch {
            problems.append("\(path): error: the folder cannot be read")
        }
    }

    private mutating func readFile(_ path: String) {
        do {
            add(Array(try Data(contentsOf: URL(filePath: path))), file: path)
        } catch {
            problems.append("\(path): error: the file cannot be read")
        }
    }

    private mutating func add(_ bytes: [UInt8], file: String) {
        let documents: [YAMLDocument]
        do throws(YAMLError) {
            documents = try YAML.parse(bytes, file: file)
        } catch {
            problems.append("\(error)")
            return
        }
        for document in documents { add(document, file: file) }
    }

    private mutating func add(_ document: YAMLDocument, file: String) {
        let entry = Entry(object: Object(document.value), file: file, document: document)
        guard document.value["apiVersion"]?.string != nil, document.value["kind"]?.string != nil else {
            problems.append(
                "\(entry.location(of: nil)): error: not a Kubernetes object: apiVersion and kind are required")
            return
        }
        // `kubectl get -o yaml` prints lists.
        if entry.object.apiVersion == "v1", entry.object.kind == "List" {
            for item in document.value["items"]?.array ?? [] {
                entries.append(Entry(object: Object(item), file: file, document: document))
            }
            return
        }
        entries.append(entry)
    }

    private static func standardInput() -> [UInt8] {
        var bytes: [UInt8] = []
        while let line = readLine(strippingNewline: false) { bytes += Array(line.utf8) }
        return bytes
    }
}
