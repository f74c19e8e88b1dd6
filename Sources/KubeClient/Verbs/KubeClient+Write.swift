import Kube

extension KubeClient {
    /// Server-side apply: says what a field manager wants, and leaves the rest of the object to others.
    ///
    /// The object is made if it does not exist. Without `force`, fields that others own and that differ are an
    /// `APIStatus` with 409.
    @discardableResult
    public func apply(
        _ resource: Resource, _ object: Object, fieldManager: String, force: Bool, subresource: String? = nil,
        dryRun: Bool = false, fieldValidation: FieldValidation? = nil
    ) async throws -> Object {
        let options = WriteOptions(fieldManager: fieldManager, fieldValidation: fieldValidation, dryRun: dryRun)
        return try await patch(
            resource, object.key, .apply, body: resource.naming(object.json), options, force: force,
            subresource: subresource)
    }

    /// Changes an object by a patch. `force` is for ``PatchKind/apply`` only.
    @discardableResult
    public func patch(
        _ resource: Resource, _ key: ObjectKey, _ kind: PatchKind, body: JSON, _ options: WriteOptions = WriteOptions(),
        force: Bool = false, subresource: String? = nil
    ) async throws -> Object {
        var query = options.parameters
        if force, kind == .apply { query.append(("force", "true")) }
        return try await write("PATCH", try path(resource, key, subresource: subresource), query, kind.rawValue, body)
    }

    /// Makes an object; `APIStatus` with `AlreadyExists` if there is one of that name.
    @discardableResult
    public func create(
        _ resource: Resource, _ object: Object, _ options: WriteOptions = WriteOptions(), subresource: String? = nil
    ) async throws -> Object {
        let path: String
        if subresource == nil {
            path = try self.path(resource, namespace: try namespace(resource, object.key))
        } else {
            path = try self.path(resource, object.key, subresource: subresource)
        }
        return try await write("POST", path, options.parameters, "application/json", resource.naming(object.json))
    }

    /// Replaces an object. With a resource version in it, only that version: else `APIStatus` with `Conflict`.
    @discardableResult
    public func update(
        _ resource: Resource, _ object: Object, _ options: WriteOptions = WriteOptions(), subresource: String? = nil
    ) async throws -> Object {
        let path = try path(resource, object.key, subresource: subresource)
        return try await write("PUT", path, options.parameters, "application/json", resource.naming(object.json))
    }

    /// Deletes an object.
    ///
    /// Returns the object as long as finalizers keep it, nil once it is gone.
    @discardableResult
    public func delete(
        _ resource: Resource, _ key: ObjectKey, _ options: DeleteOptions = DeleteOptions()
    ) async throws -> Object? {
        let call = Call(
            method: "DELETE", path: try path(resource, key), contentType: "application/json",
            body: options.json.encoded())
        let json = try Answer.object(try await send(call), subject(call))
        return json["kind"]?.string == "Status" ? nil : Object(json)
    }

    /// Makes any request and returns whatever is answered, also where that is an error.
    ///
    /// The path begins with a slash and is percent-encoded; query parameters are encoded here. Waits and renews
    /// credentials like every call. Throws ``KubeClientError`` or `CancellationError`.
    public func raw(
        method: String, path: String, query: [(String, String)] = [], headers: [(String, String)] = [],
        body: [UInt8]? = nil
    ) async throws -> HTTPResponse {
        let subject = "\(method) \(cluster.server)\(path)"
        func isVisible(_ text: String) -> Bool { text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } }
        guard !method.isEmpty, method.utf8.allSatisfy({ ($0 | 0x20) > 0x60 && ($0 | 0x20) < 0x7B }) else {
            throw KubeClientError(.invalidRequest, subject: subject, "the method is no word")
        }
        guard path.hasPrefix("/"), isVisible(path), !path.contains("?"), !path.contains("#") else {
            throw KubeClientError(
                .invalidRequest, subject: subject, "the path should begin with \"/\" and be percent-encoded")
        }
        for (name, value) in headers {
            guard !name.isEmpty, isVisible(name), !name.contains(":"), !name.contains(";"),
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else {
                throw KubeClientError(.invalidRequest, subject: subject, "a header field has a line break or no name")
            }
        }
        var call = Call(method: method, path: path, query: query, body: body, headers: headers)
        if let accept = headers.first(where: { $0.0.lowercased() == "accept" }) {
            call.accept = accept.1
            call.headers.removeAll { $0.0.lowercased() == "accept" }
        }
        if body != nil, !headers.contains(where: { $0.0.lowercased() == "content-type" }) {
            call.contentType = "application/json"
        }
        return try await send(call)
    }

    private func write(
        _ method: String, _ path: String, _ query: [(String, String)], _ contentType: String, _ body: JSON
    ) async throws -> Object {
        let call = Call(
            method: method, path: path, query: query, contentType: contentType, body: body.encoded())
        return Object(try Answer.object(try await send(call), subject(call)))
    }
}
