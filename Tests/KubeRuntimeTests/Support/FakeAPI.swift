import Kube
import KubeClient
import KubeRuntime

/// An API server in a few lines: objects with versions, UIDs and managed fields, and a log of the calls.
final class FakeAPI: Sendable {
    private struct State {
        var objects: [String: Object] = [:]
        var version = 100
        var calls: [String] = []
        var fault: (@Sendable (String) async throws -> Void)?
        var normalize: @Sendable (inout JSON) -> Void = { _ in }
    }

    private let state = Locked(State())

    /// The calls so far, such as `apply configmaps default/a`.
    var calls: [String] { state.withLock { $0.calls } }
    /// Runs before every call and may throw in its stead.
    func setFault(_ fault: (@Sendable (String) async throws -> Void)?) { state.withLock { $0.fault = fault } }
    /// What the server makes of what is applied.
    func setNormalize(_ normalize: @escaping @Sendable (inout JSON) -> Void) {
        state.withLock { $0.normalize = normalize }
    }

    func object(_ resource: Resource, _ key: ObjectKey) -> Object? {
        state.withLock { $0.objects["\(resource) \(key)"] }
    }

    /// Stores an object as somebody else might, with a new version.
    func put(_ resource: Resource, _ object: Object) {
        state.withLock { state in _ = Self.store(object, "\(resource) \(object.key)", &state) }
    }

    func edit(_ resource: Resource, _ key: ObjectKey, _ change: (inout JSON) -> Void) {
        guard var object = object(resource, key) else { return }
        change(&object.json)
        put(resource, object)
    }

    func remove(_ resource: Resource, _ key: ObjectKey) {
        state.withLock { $0.objects["\(resource) \(key)"] = nil }
    }

    var api: ObjectAPI {
        ObjectAPI(
            get: { resource, key in
                try await self.call("get \(resource) \(key)")
                guard let object = self.object(resource, key) else { throw APIStatus.notFound(resource, key.name) }
                return object
            },
            apply: { resource, object, manager, subresource in
                let suffix = subresource.map { "/\($0)" } ?? ""
                try await self.call("apply \(resource)\(suffix) \(object.key)")
                return try self.apply(resource, object, manager, subresource ?? "")
            },
            create: { resource, object in
                try await self.call("create \(resource) \(object.key)")
                return try self.state.withLock { state in
                    let address = "\(resource) \(object.key)"
                    guard state.objects[address] == nil else {
                        throw APIStatus.alreadyExists(resource, object.name)
                    }
                    return Self.store(object, address, &state)
                }
            },
            update: { resource, object in
                try await self.call("update \(resource) \(object.key)")
                return try self.state.withLock { state in
                    let address = "\(resource) \(object.key)"
                    guard let old = state.objects[address] else { throw APIStatus.notFound(resource, object.name) }
                    if let version = object.resourceVersion, version != old.resourceVersion {
                        throw APIStatus.modified(resource, object.name)
                    }
                    return Self.store(object, address, &state)
                }
            },
            merge: { resource, key, patch in
                try await self.call("merge \(resource) \(key)")
                return try self.state.withLock { state in
                    let address = "\(resource) \(key)"
                    guard let old = state.objects[address] else { throw APIStatus.notFound(resource, key.name) }
                    return Self.store(Object(Patch.merge(patch, into: old.json)), address, &state)
                }
            },
            delete: { resource, key, options in
                try await self.call("delete \(resource) \(key)")
                try self.state.withLock { state in
                    let address = "\(resource) \(key)"
                    guard let old = state.objects[address] else { throw APIStatus.notFound(resource, key.name) }
                    if let uid = options.uid, uid != old.uid {
                        throw APIStatus.conflict(resource, key.name, "the UID is another")
                    }
                    state.objects[address] = nil
                }
            })
    }

    private func call(_ call: String) async throws {
        let fault = state.withLock { state in
            state.calls.append(call)
            return state.fault
        }
        try await fault?(call)
    }

    private func apply(
        _ resource: Resource, _ applied: Object, _ manager: String, _ subresource: String
    ) throws -> Object {
        try state.withLock { state in
            let address = "\(resource) \(applied.key)"
            let live = state.objects[address]
            if let uid = applied.uid, uid != live?.uid {
                throw APIStatus.conflict(resource, applied.name, "the UID is another")
            }
            if live == nil && !subresource.isEmpty { throw APIStatus.notFound(resource, applied.name) }
            // As in an API server, a version only counts against an object that exists.
            if let live, let version = applied.resourceVersion, version != live.resourceVersion {
                throw APIStatus.modified(resource, applied.name)
            }
            var fields = applied.json
            for member in ["apiVersion", "kind"] { fields[member] = nil }
            for member in ["name", "namespace", "uid", "resourceVersion"] { fields["metadata", member] = nil }
            var merged = live?.json ?? applied.json
            if let old = live?.managedFields(of: manager, subresource: subresource) {
                merged = old.leaves.removing(from: merged)
            }
            merged = Patch.merge(applied.json, into: merged)
            state.normalize(&merged)
            var entries = (live?.managedFields ?? []).filter { $0.manager != manager || $0.subresource != subresource }
            entries.append(
                ManagedFieldsEntry(
                    manager: manager, operation: "Apply", apiVersion: resource.apiVersion, subresource: subresource,
                    fields: FieldSet(of: fields)))
            merged["metadata", "managedFields"] = .array(entries.map(\.json))
            if merged == live?.json, let live { return live }
            return Self.store(Object(merged), address, &state)
        }
    }

    private static func store(_ object: Object, _ address: String, _ state: inout State) -> Object {
        var object = object
        state.version += 1
        object.json["metadata", "resourceVersion"] = .string(String(state.version))
        if object.uid == nil {
            let digits = String(state.version, radix: 16)
            let uid = "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
            object.json["metadata", "uid"] = .string(uid)
        }
        state.objects[address] = object
        return object
    }
}
