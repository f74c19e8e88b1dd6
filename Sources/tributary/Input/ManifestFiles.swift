import Kube
import YAML

/// The Kubernetes objects in files and folders.
struct ManifestFiles {
    private(set) var manifests: [Manifest] = []
    /// What cannot be read: one line each, beginning with the place.
    private(set) var problems: [String] = []

    /// Reads files and folders as ``InputFile/forEach(in:_:)`` does.
    init(reading paths: [String]) {
        for path in paths {
            let (manifests, problems) = (manifests.count, problems.count)
            InputFile.forEach(in: path) { result in
                switch result {
                case .success(let file): add(file)
                case .failure(let failure): self.problems.append(failure.line)
                }
            }
            guard self.manifests.count == manifests, self.problems.count == problems else { continue }
            self.problems.append(
                "\(InputFile.name(of: path)): error: no manifest found; expected Kubernetes objects in YAML or JSON")
        }
    }

    /// Takes files that have been read already.
    init(_ files: [InputFile]) {
        for file in files { add(file) }
    }

    private mutating func add(_ file: InputFile) {
        do throws(YAMLError) {
            for document in try YAML.parse(file.bytes, file: file.name) {
                add(Manifest(object: Object(document.value), file: file.name, document: document))
            }
        } catch {
            problems.append(CommandFailure(error, in: file.name).line)
        }
    }

    private mutating func add(_ manifest: Manifest) {
        let object = manifest.object
        func refuse(_ field: String, _ found: String) {
            problems.append("\(manifest.location(of: FieldPath(field))): error: not a Kubernetes object: \(found)")
        }
        guard object.json.object != nil else {
            return refuse("", "found \(object.json.typeName), expected apiVersion, kind and metadata.name")
        }
        for field in ["apiVersion", "kind"] where object.json[field]?.string == nil {
            return refuse(field, Self.notAString(field, object.json[field]))
        }
        // `kubectl get -o yaml` prints lists.
        if object.kind.hasSuffix("List"), let items = object.json["items"]?.array {
            for (index, item) in items.enumerated() {
                let base = FieldPath(manifest.base.steps + [.key("items"), .index(index)])
                add(Manifest(object: Object(item), file: manifest.file, document: manifest.document, base: base))
            }
            return
        }
        guard !object.name.isEmpty else {
            return refuse("metadata.name", Self.notAString("metadata.name", object.json["metadata", "name"]))
        }
        // An unquoted y, no or 1 is not a string in YAML.
        if let namespace = object.json["metadata", "namespace"], !namespace.isNull, namespace.string == nil {
            return refuse("metadata.namespace", Self.notAString("metadata.namespace", namespace))
        }
        manifests.append(manifest)
    }

    private static func notAString(_ field: String, _ value: JSON?) -> String {
        "\(field): \(value.map { "found \($0.typeName)" } ?? "is missing"), expected a string"
    }
}
