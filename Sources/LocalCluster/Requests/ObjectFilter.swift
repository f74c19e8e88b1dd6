import Kube

/// Which objects a list or a watch is about.
struct ObjectFilter: Sendable {
    var namespace: String?
    var labels: LabelQuery
    var fields: FieldQuery

    /// The filter of a request.
    init(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) {
        namespace = target.namespace
        labels = try LabelQuery(request.query["labelSelector"] ?? "")
        fields = try FieldQuery(request.query["fieldSelector"] ?? "", type: target.type)
        if let name = target.name {
            fields.requirements.append(.init(path: "metadata.name", value: name, isEqual: true))
        }
    }

    /// Whether every object of the namespace is meant.
    var isEmpty: Bool { labels.selector.matchExpressions?.isEmpty != false && fields.requirements.isEmpty }

    /// Whether an object is meant.
    func matches(_ object: Object, _ key: ObjectKey) -> Bool {
        if let namespace, key.namespace != namespace { return false }
        if let requirements = labels.selector.matchExpressions, !requirements.isEmpty {
            let labels = object.labels
            if !requirements.allSatisfy({ $0.matches(labels) }) { return false }
        }
        return fields.matches(object)
    }
}

/// The query parameter `labelSelector`: apimachinery's `labels.Parse`.
struct LabelQuery: Sendable {
    var selector: LabelSelector

    /// Reads `a=b,c!=d,e in (f,g),h notin (i),j,!k`; throws 400 for anything else.
    init(_ text: String) throws(APIStatus) {
        var requirements: [LabelSelector.Requirement] = []
        for term in Self.terms(text) {
            guard let requirement = Self.requirement(term) else {
                throw .badRequest("unable to parse requirement: \"\(term)\" is no label requirement")
            }
            requirements.append(requirement)
        }
        selector = LabelSelector(matchExpressions: requirements)
    }

    /// The parts between commas that are in no parentheses.
    private static func terms(_ text: String) -> [String] {
        var terms: [String] = []
        var term = ""
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 {
                terms.append(term)
                term = ""
            } else {
                term.append(character)
            }
        }
        if !term.isEmpty || !terms.isEmpty { terms.append(term) }
        return terms.map(\.trimmed)
    }

    private static func requirement(_ term: String) -> LabelSelector.Requirement? {
        func make(_ key: String, _ operation: LabelSelector.Requirement.Operator, _ values: [String]?)
            -> LabelSelector.Requirement?
        {
            let key = key.trimmed
            guard Names.isQualified(key), (values ?? []).allSatisfy(Names.isLabelValue) else { return nil }
            return LabelSelector.Requirement(key: key, operator: operation, values: values)
        }
        if term.hasSuffix(")"), let open = term.firstIndex(of: "(") {
            let values = term[term.index(after: open)...].dropLast().split(
                separator: ",", omittingEmptySubsequences: false
            ).map { String($0).trimmed }
            let words = term[..<open].split(separator: " ").map(String.init)
            guard words.count == 2, words[1] == "in" || words[1] == "notin" else { return nil }
            return make(words[0], words[1] == "in" ? .in : .notIn, values)
        }
        if let (key, value) = term.divided(by: "!=") { return make(key, .notIn, [value.trimmed]) }
        if let (key, value) = term.divided(by: "==") { return make(key, .in, [value.trimmed]) }
        if let (key, value) = term.divided(by: "=") { return make(key, .in, [value.trimmed]) }
        if term.hasPrefix("!") { return make(String(term.dropFirst()), .doesNotExist, nil) }
        return make(term, .exists, nil)
    }
}

/// The query parameter `fieldSelector`: apimachinery's `fields.ParseSelector`.
struct FieldQuery: Sendable {
    struct Requirement: Sendable {
        var path: String
        var value: String
        var isEqual: Bool
    }

    var requirements: [Requirement] = []

    /// Reads `a.b=c,d!=e`; throws 400 for anything else, and for fields that cannot be selected by.
    init(_ text: String, type: ResourceType) throws(APIStatus) {
        for term in text.split(separator: ",").map(String.init) {
            guard let (path, value) = term.divided(by: "!=") ?? term.divided(by: "==") ?? term.divided(by: "=") else {
                throw .badRequest("invalid selector: '\(text)'; can't understand '\(term)'")
            }
            guard Self.selectable(type).contains(path) else {
                let known = Self.selectable(type)
                throw .badRequest(
                    type.isBuiltIn && known.count == 2
                        ? "\"\(path)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                        : "field label not supported: \(path)")
            }
            requirements.append(Requirement(path: path, value: value, isEqual: !term.contains("!=")))
        }
    }

    /// Whether an object has the fields that are asked for; a field that is not there is empty.
    func matches(_ object: Object) -> Bool {
        requirements.allSatisfy { requirement in
            let value = object.json[path: requirement.path.split(separator: ".").map(String.init)]
            let text = value.map { $0.string ?? $0.text() } ?? ""
            return (text == requirement.value) == requirement.isEqual
        }
    }

    /// The fields by which objects of a kind can be selected, as kube-apiserver has them.
    private static func selectable(_ type: ResourceType) -> Set<String> {
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
        case "ReplicaSet": all.union(["status.replicas"])
        case "Service": all.union(["spec.clusterIP", "spec.type"])
        case "Event":
            all.union(["reason", "reportingComponent", "reportingController", "source", "type"])
                .union(references.map { "involvedObject.\($0)" }).union(references.map { "regarding.\($0)" })
        default: all
        }
    }
}

extension String {
    /// The text without blanks around it.
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    /// What stands before and after the first occurrence of a separator.
    fileprivate func divided(by separator: String) -> (String, String)? {
        let bytes = Array(utf8)
        let mark = Array(separator.utf8)
        guard bytes.count >= mark.count else { return nil }
        for start in 0...(bytes.count - mark.count) where bytes[start..<(start + mark.count)].elementsEqual(mark) {
            return (
                String(decoding: bytes[..<start], as: UTF8.self),
                String(decoding: bytes[(start + mark.count)...], as: UTF8.self)
            )
        }
        return nil
    }
}
