import Kube

extension KubeClient {
    /// Applies an object by server-side apply: sets the fields of a field manager and leaves all other fields
    /// unchanged.
    ///
    /// Creates the object if it does not exist. Without `force`, throws `APIStatus` with 409 for conflicts with other
    /// managers.
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

    /// Patches an object. `force` is only for ``PatchKind/apply``.
    @discardableResult
    public func patch(
        _ resource: Resource, _ key: ObjectKey, _ kind: PatchKind, body: JSON, _ options: WriteOptions = WriteOptions(),
        force: Bool = false, subresource: String? = nil
    ) async throws -> Object {
        var query = options.parameters
        if force, kind == .apply { query.append(("force", "true")) }
        return try await write("PATCH", try path(resource, key, subresource: subresource), query, kind.rawValue, body)
    }

    /// Creates an object. Throws `APIStatus` with `AlreadyExists` if an object of that name exists.
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

    /// Replaces an object. If it has a resource version that is not current, throws `APIStatus` with `Conflict`.
    @discardableResult
    public func update(
        _ resource: Resource, _ object: Object, _ options: WriteOptions = WriteOptions(), subresource: String? = nil
    ) async throws -> Object {
        let path = try path(resource, object.key, subresource: subresource)
        return try await write("PUT", path, options.parameters, "application/json", resource.naming(object.json))
    }

    /// Deletes an object.
    ///
    /// Returns the object if finalizers or a grace period delay the deletion, or nil if it is gone.
    @discardableResult
    public func delete(
        _ resource: Resource, _ key: ObjectKey, _ options: DeleteOptions = DeleteOptions()
    ) async throws -> Object? {
        let call = Call(
            method: "DELETE", path: try path(resource, key), contentType: "application/json",
            body: options.json.encoded())
        let json = try await send(call).object(subject(call))
        return json["kind"]?.string == "Status" ? nil : Object(json)
    }

    private func write(
        _ method: String, _ path: String, _ query: [(String, String)], _ contentType: String, _ body: JSON
    ) async throws -> Object {
        let call = Call(
            method: method, path: path, query: query, contentType: contentType, body: body.encoded())
        return Object(try await send(call).object(subject(call)))
    }
}
