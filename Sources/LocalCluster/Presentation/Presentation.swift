import Kube

/// The form in which the caller wants objects, told from `Accept`.
struct Presentation: Sendable {
    /// The forms.
    enum Form: Sendable {
        case object, table, metadata
    }

    var form = Form.object
    /// What table rows carry.
    var rowObject = ResourceType.RowObject.metadata

    /// The first form in `Accept` that is served; throws 406 where there is none.
    init(_ request: APIRequest) throws(APIStatus) {
        rowObject = request.parameter("includeObject").flatMap(ResourceType.RowObject.init) ?? .metadata
        let accept = request.accept.isEmpty ? "*/*" : request.accept
        for choice in accept.split(separator: ",") {
            let parts = choice.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let media = parts.first, ["application/json", "application/*", "*/*"].contains(media) else {
                continue
            }
            switch parts.dropFirst().first(where: { $0.hasPrefix("as=") }) {
            case nil: form = .object
            case "as=Table": form = .table
            case "as=PartialObjectMetadata", "as=PartialObjectMetadataList": form = .metadata
            default: continue
            }
            return
        }
        throw APIStatus(
            code: 406, reason: "NotAcceptable",
            message: "only the following media types are accepted: application/json")
    }

    /// One object.
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

    /// A list of objects.
    func bytes(list entries: [Entry], metadata: JSON, _ type: ResourceType) -> [UInt8] {
        switch form {
        case .table:
            return type.table(
                of: entries.map { type.served($0.object) }, metadata: metadata, including: rowObject
            ).encoded()
        case .metadata:
            let list: JSON = [
                "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
                "items": .array(entries.map { type.served($0.object).partialMetadata }),
            ]
            return list.encoded()
        case .object:
            let head: JSON = [
                "kind": .string(type.listKind), "apiVersion": .string(type.resource.apiVersion), "metadata": metadata,
            ]
            var bytes = Array(head.encoded().dropLast())
            bytes += Array(#","items":["#.utf8)
            for (index, entry) in entries.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += type.servedBytes(entry)
            }
            bytes += Array("]}".utf8)
            return bytes
        }
    }
}
