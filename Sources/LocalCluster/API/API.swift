import Kube

/// The answers of the server to requests, independent of the connection.
struct API: Sendable {
    /// The contents of the cluster.
    let store: ClusterStore
    /// The logs of containers, by pod and container.
    let logs = Locked<(@Sendable (ObjectKey, String) -> String?)?>(nil)

    /// The answer to a request.
    func answer(_ request: APIRequest) -> APIAnswer {
        do throws(APIStatus) {
            return try respond(request)
        } catch {
            return .body(APIBody(error))
        }
    }

    /// The objects that a path names; nil if the path is not served.
    func target(of request: APIRequest) -> RequestTarget? {
        store.read { RequestTarget(request.segments, registry: $0.registry) }
    }

    private func respond(_ request: APIRequest) throws(APIStatus) -> APIAnswer {
        if let answer = try nonResourceAnswer(request) { return answer }
        if let answer = try logAnswer(request) { return answer }
        guard let target = target(of: request) else { throw .unknownPath }
        switch (request.method, target.name != nil) {
        case ("GET", true): return .body(try get(request, target))
        case ("GET", false) where request.flag("watch"):
            return .watch(try store.read { state throws(APIStatus) in try WatchCursor(request, target, state) })
        case ("GET", false): return .body(try list(request, target))
        case ("POST", false) where target.namespace != nil || !target.type.resource.isNamespaced:
            let body = try request.json()
            return .body(try write(request, target) { state, call throws(APIStatus) in try state.create(&call, body) })
        case ("PUT", true):
            let body = try request.json()
            return .body(try write(request, target) { state, call throws(APIStatus) in try state.update(&call, body) })
        case ("PATCH", true):
            let patch = try ObjectPatch(request, target.type)
            return .body(try write(request, target) { state, call throws(APIStatus) in try state.patch(&call, patch) })
        case ("DELETE", true) where target.subresource == nil: return .body(try delete(request, target))
        case ("DELETE", false) where canDeleteCollection(target): return .body(try deleteCollection(request, target))
        default:
            throw APIStatus(
                code: 405, reason: "MethodNotAllowed",
                message: "the server does not allow this method on the requested resource")
        }
    }

    private func canDeleteCollection(_ target: RequestTarget) -> Bool {
        target.type.verbs.contains("deletecollection")
            && (target.namespace != nil || !target.type.resource.isNamespaced)
    }

    private func get(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) -> APIBody {
        let presentation = try Presentation(request)
        guard let stored = store.read({ $0.stored(target.location) }) else {
            throw .notFound(target.type.resource, target.name ?? "")
        }
        let object = target.type.served(stored.object)
        if target.subresource == "scale" { return APIBody(try Scale.json(of: object, target.type)) }
        return APIBody(
            bytes: presentation.bytes(object, written: stored.bytes(servedAs: target.type), target.type))
    }

    private func list(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) -> APIBody {
        let presentation = try Presentation(request)
        let call = try ListCall(request, target)
        let page = try store.read { state throws(APIStatus) in try state.list(target.type, call) }
        return APIBody(bytes: presentation.bytes(list: page.objects, metadata: page.metadata, target.type))
    }

    private func write(
        _ request: APIRequest, _ target: RequestTarget,
        _ body: (inout ClusterState, inout WriteCall) throws(APIStatus) -> WriteResult
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
        _ = try Presentation(request)
        let call = try DeleteCall(request)
        let deletion = try store.write { state throws(APIStatus) in
            try state.delete(target.type, target.location.key, call)
        }
        switch deletion {
        case .gone(let object):
            return APIBody(APIStatus.success(target.type.resource, object.name, uid: object.uid).json)
        case .waiting(let object): return APIBody(object.json)
        }
    }

    private func deleteCollection(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) -> APIBody {
        let presentation = try Presentation(request)
        let call = try DeleteCall(request)
        let list = try ListCall(request, target)
        let page = try store.write { state throws(APIStatus) in
            let page = try state.list(target.type, list)
            for object in page.objects { _ = try state.delete(target.type, object.object.key, call) }
            return page
        }
        return APIBody(bytes: presentation.bytes(list: page.objects, metadata: page.metadata, target.type))
    }
}
