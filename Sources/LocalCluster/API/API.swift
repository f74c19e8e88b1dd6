import Kube
import YAML

/// What the server answers to requests: everything but the way in which they come and go.
struct API: Sendable {
    let store: Store

    /// The answer to a request.
    func answer(_ request: APIRequest) -> APIAnswer {
        do throws(APIStatus) {
            return try respond(request)
        } catch {
            return .body(APIBody(error))
        }
    }

    private func respond(_ request: APIRequest) throws(APIStatus) -> APIAnswer {
        if let answer = try fixedAnswer(request) { return answer }
        let target = store.read { RequestTarget(request.segments, registry: $0.registry) }
        guard let target else { throw .unknownPath }
        if let subresource = target.subresource,
            ResourceType.Subresource(rawValue: subresource).map({ target.type.subresources.contains($0) }) != true
        {
            throw .unknownPath
        }
        switch (request.method, target.name != nil) {
        case ("GET", _) where request.flag("watch"):
            return .watch(try store.read { state throws(APIStatus) in try WatchCursor(request, target, state) })
        case ("GET", true): return .body(try get(request, target))
        case ("GET", false): return .body(try list(request, target))
        case ("POST", false):
            let body = try request.json()
            return .body(try write(request, target) { state, call throws(APIStatus) in try state.create(&call, body) })
        case ("PUT", true):
            let body = try request.json()
            return .body(try write(request, target) { state, call throws(APIStatus) in try state.update(&call, body) })
        case ("PATCH", true):
            let patch = try ObjectPatch(contentType: request.contentType, body: try request.json())
            if case .apply = patch, request.parameter("fieldManager") == nil {
                throw ListCall.invalid("fieldManager", "Required value: is required for apply patch")
            }
            return .body(try write(request, target) { state, call throws(APIStatus) in try state.patch(&call, patch) })
        case ("DELETE", true): return .body(try delete(request, target))
        case ("DELETE", false): return .body(try deleteCollection(request, target))
        default: throw .methodNotAllowed(target.type.resource, request.method.lowercased())
        }
    }

    private func get(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) -> APIBody {
        let presentation = try Presentation(request)
        guard let entry = store.read({ $0.entry(target.collection, target.key) }) else {
            throw .notFound(target.type.resource, target.name ?? "")
        }
        let object = target.type.served(entry.object)
        if target.subresource == "scale" { return APIBody(Scale.json(of: object, target.type)) }
        return APIBody(
            bytes: presentation.bytes(object, written: target.type.servedBytes(entry), target.type))
    }

    private func list(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) -> APIBody {
        let presentation = try Presentation(request)
        let call = try ListCall(request, target)
        let page = try store.read { state throws(APIStatus) in try state.list(target.type, call) }
        return APIBody(bytes: presentation.bytes(list: page.entries, metadata: page.metadata, target.type))
    }

    private func write(
        _ request: APIRequest, _ target: RequestTarget,
        _ body: (inout StoreState, inout WriteCall) throws(APIStatus) -> WriteResult
    ) throws(APIStatus) -> APIBody {
        let presentation = try Presentation(request)
        var call = try WriteCall(request, target)
        let result = try store.write { state throws(APIStatus) in try body(&state, &call) }
        let bytes =
            target.subresource == "scale"
            ? result.object.json.encoded() : presentation.bytes(result.object, written: result.bytes, target.type)
        var answer = APIBody(code: result.isCreated ? 201 : 200, bytes: bytes)
        answer.warnings = call.warnings
        return answer
    }

    private func delete(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) -> APIBody {
        if target.subresource != nil { throw .methodNotAllowed(target.type.resource, "delete") }
        let call = try DeleteCall(request)
        let deleted = try store.write { state throws(APIStatus) in try state.delete(target.type, target.key, call) }
        switch deleted {
        case .gone(let object):
            return APIBody(APIStatus.success(target.type.resource, object.name, uid: object.uid).json)
        case .waits(let object): return APIBody(object.json)
        }
    }

    private func deleteCollection(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) -> APIBody {
        let call = try DeleteCall(request)
        let list = try ListCall(request, target)
        let page = try store.write { state throws(APIStatus) in
            let page = try state.list(target.type, list)
            for entry in page.entries { _ = try state.delete(target.type, entry.object.key, call) }
            return page
        }
        return APIBody(
            bytes: try Presentation(request).bytes(list: page.entries, metadata: page.metadata, target.type))
    }
}

extension APIRequest {
    /// The body, which may be JSON or YAML.
    func json() throws(APIStatus) -> JSON {
        let media = contentType.prefix { $0 != ";" }
        if media.contains("protobuf") {
            if let object = Protobuf.object(body) { return object }
            throw .unsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml"
            )
        }
        do throws(JSONSyntaxError) {
            return try JSON(parsing: body)
        } catch {
            guard media.hasSuffix("yaml") else {
                throw .badRequest("the object provided is unrecognized (must be of type JSON): \(error)")
            }
        }
        do throws(YAMLError) {
            return try YAML.parseOne(body).value
        } catch {
            throw .badRequest("error decoding YAML: \(error)")
        }
    }
}
