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
        /// Where in the document the object is, for an element of a list.
        var base = FieldPath()

        /// `file:line:column` of a field, or of the object where the field is not there.
        func location(of field: FieldPath?) -> String {
            position(of: field).map { "\(file):\($0.line):\($0.column)" } ?? file
        }

        /// Where a field is, or the object where the field is not there.
        func position(of field: FieldPath?) -> YAMLPosition? {
            document.position(of: FieldPath(base.steps + (field?.steps ?? []))) ?? document.start
        }
    }

    private(set) var entries: [Entry] = []
    /// What could not be read: one line each, starting with the place.
    private(set) var problems: [String] = []

    /// Reads files and, in folders, every `.yaml`, `.yml` and `.json` file in the order of their names; `-` is standard
    /// input.
    init(reading paths: [String]) {
        for path in paths {
            let (entries, problems) = (entries.count, problems.count)
            read(path)
            guard self.entries.count == entries, self.problems.count == problems else { continue }
            self.problems.append(
                "\(Self.shown(path)): error: found no manifest, expected Kubernetes objects in YAML or JSON")
        }
    }

    /// Takes files that have been read already.
    init(_ files: [(name: String, bytes: [UInt8])]) {
        for file in files { add(file.bytes, file: file.name) }
    }

    /// A path as messages name it.
    private static func shown(_ path: String) -> String { path == "-" ? "<stdin>" : path }

    private mutating func read(_ path: String) {
        if path == "-" {
            add(Self.standardInput(), file: Self.shown(path))
            return
        }
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            problems.append("\(path): error: found nothing there, expected a file or a folder")
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
            problems.append("\(file):\(error.position): error: \(error.reason)")
            return
        }
        for document in documents { add(document, file: file) }
    }

    private mutating func add(_ document: YAMLDocument, file: String) {
        add(Entry(object: Object(document.value), file: file, document: document))
    }

    private mutating func add(_ entry: Entry) {
        let object = entry.object
        func refuse(_ field: String, _ found: String) {
            problems.append("\(entry.location(of: FieldPath(field))): error: not a Kubernetes object: \(found)")
        }
        guard object.json.object != nil else {
            return refuse("", "found \(object.json.typeName), expected apiVersion, kind and metadata.name")
        }
        for field in ["apiVersion", "kind"] where object.json[field]?.string == nil {
            return refuse(field, Self.notText(field, object.json[field]))
        }
        // `kubectl get -o yaml` prints lists.
        if object.kind.hasSuffix("List"), let items = object.json["items"]?.array {
            for (index, item) in items.enumerated() {
                let base = FieldPath(entry.base.steps + [.key("items"), .index(index)])
                add(Entry(object: Object(item), file: entry.file, document: entry.document, base: base))
            }
            return
        }
        guard !object.name.isEmpty else {
            return refuse("metadata.name", Self.notText("metadata.name", object.json["metadata", "name"]))
        }
        // An unquoted y, no or 1 is no text in YAML.
        if let namespace = object.json["metadata", "namespace"], !namespace.isNull, namespace.string == nil {
            return refuse("metadata.namespace", Self.notText("metadata.namespace", namespace))
        }
        entries.append(entry)
    }

    private static func notText(_ field: String, _ value: JSON?) -> String {
        "\(field): \(value.map { "found \($0.typeName)" } ?? "is missing"), expected a string"
    }

    private static func standardInput() -> [UInt8] {
        var bytes: [UInt8] = []
        while let line = readLine(strippingNewline: false) { bytes += Array(line.utf8) }
        return bytes
    }
}
