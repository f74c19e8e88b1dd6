import Kube

/// A client for controllers inside the process. The rules are the same as over HTTP: names, schemas, managed fields.
struct InProcessClient: Sendable {
    /// The contents of the cluster.
    let store: ClusterStore
    /// The field manager of writes.
    var manager = "local-cluster"

    /// An object; nil if it does not exist.
    func get(_ resource: Resource, _ key: ObjectKey) -> Object? {
        store.read { state in
            guard let type = state.registry.lookup(resource) else { return nil }
            return state.stored(ObjectLocation(resource, key)).map { type.served($0.object) }
        }
    }

    /// The objects of one namespace or of all, in the order of their keys.
    func list(_ resource: Resource, namespace: String?) -> [Object] {
        store.read { state in
            guard let type = state.registry.lookup(resource) else { return [] }
            var objects: [Object] = []
            state.collection(CollectionKey(resource)).objects.forEach(in: namespace) { _, stored in
                objects.append(type.served(stored.object))
                return true
            }
            return objects
        }
    }

    /// Creates an object, whose name may be generated.
    @discardableResult
    func create(_ resource: Resource, _ object: Object) throws(APIStatus) -> Object {
        try store.write { state throws(APIStatus) in
            var call = try self.call(resource, object, nil, state)
            return try state.create(&call, object.json).object
        }
    }

    /// Replaces an object or a subresource. A `metadata.resourceVersion` must be the latest one.
    @discardableResult
    func update(_ resource: Resource, _ object: Object, subresource: String?) throws(APIStatus) -> Object {
        try store.write { state throws(APIStatus) in
            var call = try self.call(resource, object, subresource, state)
            return try state.update(&call, object.json).object
        }
    }

    /// Deletes an object, if it exists.
    func delete(_ resource: Resource, _ key: ObjectKey) throws(APIStatus) {
        try store.write { state throws(APIStatus) in
            guard let type = state.registry.lookup(resource) else { throw .unknownPath }
            do throws(APIStatus) {
                _ = try state.delete(type, key, DeleteCall())
            } catch {
                if !error.isNotFound { throw error }
            }
        }
    }

    private func call(
        _ resource: Resource, _ object: Object, _ subresource: String?, _ state: ClusterState
    ) throws(APIStatus) -> WriteCall {
        guard let type = state.registry.lookup(resource) else { throw .unknownPath }
        return WriteCall(
            type, namespace: resource.isNamespaced ? object.namespace : nil,
            name: object.name.isEmpty ? nil : object.name, subresource: subresource, manager: manager)
    }

    /// The existing objects as `added`, then every change, until the consuming task is cancelled.
    func watch(_ resources: [Resource]) -> AsyncStream<ClusterObjectChange> {
        let (stream, continuation) = AsyncStream.makeStream(of: ClusterObjectChange.self)
        let positions = Locked(resources.map { (resource: $0, revision: 0, isListed: false) })
        let wake: @Sendable () -> Void = { [store] in
            positions.withLock { positions in
                for index in positions.indices {
                    Self.advance(&positions[index], store).forEach { continuation.yield($0) }
                }
            }
        }
        let ends = resources.map { store.onChange(CollectionKey($0), wake) }
        continuation.onTermination = { _ in for end in ends { end() } }
        wake()
        return stream
    }

    private static func advance(
        _ position: inout (resource: Resource, revision: Int, isListed: Bool), _ store: ClusterStore
    ) -> [ClusterObjectChange] {
        let resource = position.resource
        return store.read { state in
            guard let type = state.registry.lookup(resource) else { return [] }
            let collection = state.collection(CollectionKey(resource))
            var changes: [ClusterObjectChange] = []
            if !position.isListed {
                collection.objects.forEach(in: nil) { _, stored in
                    changes.append(
                        ClusterObjectChange(kind: .added, resource: resource, object: type.served(stored.object)))
                    return true
                }
                position.isListed = true
            } else {
                // This runs after every change, so the history always reaches back far enough.
                for event in collection.events(after: position.revision) {
                    let kind: ClusterObjectChange.Kind =
                        event.new == nil ? .deleted : event.old == nil ? .added : .modified
                    changes.append(
                        ClusterObjectChange(kind: kind, resource: resource, object: type.served(event.last.object)))
                }
            }
            position.revision = state.revision
            return changes
        }
    }
}

extension InProcessClient {
    /// The objects in a namespace whose controller is another object.
    func dependents(of owner: Object, _ resource: Resource) -> [Object] {
        list(resource, namespace: owner.namespace).filter { $0.controllerReference?.uid == owner.uid }
    }

    /// Sets the status of an object if it differs.
    func setStatus(_ resource: Resource, of object: Object, to status: JSON) throws(APIStatus) {
        guard object.json["status"] != status else { return }
        var object = object
        object.json["status"] = status
        try update(resource, object, subresource: "status")
    }
}
