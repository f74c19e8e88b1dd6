import Kube

/// The query parameter `fieldSelector`: apimachinery's `fields.ParseSelector`.
struct FieldSelector: Sendable {
    private struct Requirement {
        var path: String
        var value: String
        var isEqual: Bool
    }

    private var requirements: [Requirement] = []

    /// Whether the selector covers every object.
    var isEmpty: Bool { requirements.isEmpty }

    /// Parses `a.b=c,d!=e`. Throws 400 for anything else, and for fields that the kind does not support.
    init(_ text: String, type: ResourceType) throws(APIStatus) {
        let supported = Self.supportedFields(of: type)
        for term in Self.terms(text) where !term.isEmpty {
            guard let (path, mark, value) = Self.parts(term) else {
                throw .badRequest("invalid selector: '\(text)'; can't understand '\(term)'")
            }
            let unescaped = try Self.unescaped(value)
            guard supported.contains(path) else {
                throw .badRequest(
                    type.isBuiltIn && supported.count == 2
                        ? "\"\(path)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                        : "field label not supported: \(path)")
            }
            requirements.append(Requirement(path: path, value: unescaped, isEqual: mark != "!="))
        }
    }

    /// Whether an object has the values that the selector requires.
    func matches(_ object: Object) -> Bool {
        requirements.allSatisfy { (Self.value(of: $0.path, in: object) == $0.value) == $0.isEqual }
    }

    /// The terms between commas that are not escaped.
    private static func terms(_ text: String) -> [String] {
        var terms = [""]
        var isEscaped = false
        for character in text {
            if character == ",", !isEscaped {
                terms.append("")
                continue
            }
            isEscaped = character == "\\" && !isEscaped
            terms[terms.count - 1].append(character)
        }
        return terms
    }

    /// The parts of a term around its first operator.
    private static func parts(_ term: String) -> (path: String, mark: String, value: String)? {
        for index in term.indices {
            for mark in ["!=", "==", "="] where term[index...].hasPrefix(mark) {
                return (String(term[..<index]), mark, String(term[index...].dropFirst(mark.count)))
            }
        }
        return nil
    }

    private static func unescaped(_ value: String) throws(APIStatus) -> String {
        var result = ""
        var isEscaped = false
        for character in value {
            switch character {
            case "\\", ",", "=":
                if isEscaped {
                    result.append(character)
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else {
                    let code = character.unicodeScalars.first?.value ?? 0
                    throw .badRequest("invalid field selector: unescaped character in value: \(code)")
                }
            default:
                if isEscaped { throw .badRequest("invalid field selector: invalid escape sequence: \\\(character)") }
                result.append(character)
            }
        }
        if isEscaped { throw .badRequest("invalid field selector: invalid escape sequence: \\") }
        return result
    }

    private static func value(of path: String, in object: Object) -> String {
        if path == "source", object.kind == "Event" {
            let component = (object.json["source"] ?? object.json["deprecatedSource"])?["component"]?.string ?? ""
            let controller = object.json["reportingComponent"] ?? object.json["reportingController"]
            return component.isEmpty ? controller?.string ?? "" : component
        }
        let value = object.json[path: path.split(separator: ".").map(String.init)]
        return value.map { $0.string ?? $0.text() } ?? zeroValues[path] ?? ""
    }

    /// The values of absent fields that are not texts.
    private static let zeroValues = [
        "spec.unschedulable": "false", "spec.hostNetwork": "false",
    ]

    /// The fields of a kind that kube-apiserver supports in selectors.
    private static func supportedFields(of type: ResourceType) -> Set<String> {
        let all: Set<String> = ["metadata.name", "metadata.namespace"]
        let references = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"]
        return switch type.resource.kind {
        case _ where !type.isBuiltIn: all
        case "Pod":
            all.union([
                "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
                "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName",
            ])
        case "Namespace": all.union(["status.phase"])
        case "Secret": all.union(["type"])
        case "Node": all.union(["spec.unschedulable"])
        case "Service": all.union(["spec.clusterIP", "spec.type"])
        case "Event":
            all.union(["reason", "reportingComponent", "reportingController", "source", "type"])
                .union(references.map { "involvedObject.\($0)" }).union(references.map { "regarding.\($0)" })
        default: all
        }
    }
}
