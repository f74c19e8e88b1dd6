import Kube
import YAML

/// A Kubernetes object in a file, with its place there for messages.
struct Manifest {
    var object: Object
    /// The file's name in messages.
    var file: String
    var document: YAMLDocument
    /// The object's place in the document, for an element of a list.
    var base = FieldPath()

    /// `file:line:column` of a field, or of the object where the field is missing.
    func location(of field: FieldPath?) -> String {
        position(of: field).map { "\(file):\($0.line):\($0.column)" } ?? file
    }

    /// The position of a field, or of the object where the field is missing.
    func position(of field: FieldPath?) -> YAMLPosition? {
        document.position(of: FieldPath(base.steps + (field?.steps ?? []))) ?? document.start
    }
}
