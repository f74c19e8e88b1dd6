import Kube

/// The cluster's objects for those in the same process: the same rules as by HTTP, without HTTP.
struct ClusterAccess: ClusterObjects {
    let store: Store
    /// Whose name the writes carry in managed fields.
    var manager = "local-cluster"

    func get(_ resource: Resource, _ key: ObjectKey) -> Object? {
        store.read { state in
            guard let type = state.registry.lookup(resource) else { return nil }
            return state.entry(CollectionKey(resource), key).map { type.served($0.object) }
        }
    }

    func list(_ resource: Resource, namespace: String?) -> [Object] {
        store.read { state in
            guard let type = state.registry.lookup(resource) else { return [] }
            var objects: [Object] = []
            let start = ObjectKey(namespace: namespace ?? "", name: "")
            state.collection(CollectionKey(resource)).entries.forEach(from: start) { key, entry in
                if let namespace, key.namespace != namespace { return false }
                objects.append(type.served(entry.object))
                return true
            }
            return objects
        }
    }

    func create(_ resource: Resource, _ object: Object) throws(APIStatus) -> Object {
        try store.write { state throws(APIStatus) in
            var call = try self.call(resource, object, nil, state)
            return try state.create(&call, object.json).object
        }
    }

    func update(_ resource: Resource, _ object: Object, subresource: String?) throws(APIStatus) -> Object {
        try store.write { state throws(APIStatus) in
            var call = try self.call(resource, object, subresource, state)
            return try state.update(&call, object.json).object
        }
    }

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
        _ resource: Resource, _ object: Object, _ subresource: String?, _ state: StoreState
    ) throws(APIStatus) -> WriteCall {
        guard let type = state.registry.lookup(resource) else { throw .unknownPath }
        return WriteCall(
            type, namespace: resource.isNamespaced ? object.namespace : nil,
            name: object.name.isEmpty ? nil : object.name, subresource: subresource, manager: manager)
    }

    func watch(_ resources: [Resource]) -> AsyncStream<ObjectChange> {
        let (stream, continuation) = AsyncStream.makeStream(of: ObjectChange.self)
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
        _ position: inout (resource: Resource, revision: Int, isListed: Bool), _ store: Store
    ) -> [ObjectChange] {
        let resource = position.resource
        return store.read { state in
            guard let type = state.registry.lookup(resource) else { return [] }
            let collection = state.collection(CollectionKey(resource))
            var changes: [ObjectChange] = []
            if !position.isListed {
                collection.entries.forEach(from: ObjectKey(namespace: "", name: "")) { _, entry in
                    changes.append(ObjectChange(kind: .added, resource: resource, object: type.served(entry.object)))
                    return true
                }
                position.isListed = true
            } else {
                // Woken at every change, this is never so far behind that the history does not reach back.
                for event in collection.events(after: position.revision) {
                    let kind: ObjectChange.Kind = event.new == nil ? .deleted : event.old == nil ? .added : .modified
                    changes.append(
                        ObjectChange(kind: kind, resource: resource, object: type.served(event.last.object)))
                }
            }
            position.revision = state.revision
            return changes
        }
    }
}
