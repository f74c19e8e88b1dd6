import Kube

/// The form in which a client wants objects, from its `Accept` header.
struct Presentation: Sendable {
    /// The forms of an object.
    enum Form: Sendable {
        case object, table, metadata
    }

    /// The form.
    var form = Form.object
    /// The object that each row of a table contains.
    var rowObject = ResourceType.RowObject.metadata

    /// The first form in `Accept` that the server supports. Throws 406 if there is none.
    init(_ request: APIRequest) throws(APIStatus) {
        let accept = request.accept.isEmpty ? "*/*" : request.accept
        for choice in accept.split(separator: ",") {
            let parts = choice.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let media = parts.first, ["application/json", "application/*", "*/*"].contains(media) else {
                continue
            }
            switch parts.dropFirst().first(where: { $0.hasPrefix("as=") }) {
            case nil: form = .object
            case "as=Table":
                form = .table
                rowObject = try Self.rowObject(request)
            case "as=PartialObjectMetadata", "as=PartialObjectMetadataList": form = .metadata
            default: continue
            }
            return
        }
        throw APIStatus(
            code: 406, reason: "NotAcceptable",
            message: "only the following media types are accepted: application/json")
    }

    private static func rowObject(_ request: APIRequest) throws(APIStatus) -> ResourceType.RowObject {
        guard let text = request.parameter("includeObject") else { return .metadata }
        guard let rowObject = ResourceType.RowObject(rawValue: text) else {
            throw .badRequest(
                "includeObject: Invalid value: \(JSON(text).text()): must be 'Metadata', 'Object', 'None', or empty")
        }
        return rowObject
    }

    /// An object in this form. `written` is the object as JSON, if it is encoded already.
    func bytes(_ object: Object, written: [UInt8]?, _ type: ResourceType, headers: Bool = true) -> [UInt8] {
        switch form {
        case .object: written ?? object.json.encoded()
        case .metadata: object.partialMetadata.encoded()
        case .table:
            type.table(
                of: [object], metadata: ["resourceVersion": .string(object.resourceVersion ?? "")],
                including: rowObject, headers: headers
            ).encoded()
        }
    }

    /// A list of objects in this form.
    func bytes(list objects: [StoredObject], metadata: JSON, _ type: ResourceType) -> [UInt8] {
        switch form {
        case .table:
            return type.table(
                of: objects.map { type.served($0.object) }, metadata: metadata, including: rowObject
            ).encoded()
        case .metadata:
            let list: JSON = [
                "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
                "items": .array(objects.map { type.served($0.object).partialMetadata }),
            ]
            return list.encoded()
        case .object:
            let head: JSON = [
                "kind": .string(type.listKind), "apiVersion": .string(type.resource.apiVersion), "metadata": metadata,
            ]
            var bytes = Array(head.encoded().dropLast())
            bytes += Array(#","items":["#.utf8)
            for (index, object) in objects.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += object.bytes(servedAs: type)
            }
            bytes += Array("]}".utf8)
            return bytes
        }
    }
}
