import Kube

/// A custom resource as it is kept: what it says, and what is needed to write its status and its Events.
struct Observed<Value: Sendable & Hashable>: Sendable, Hashable {
    /// What it says, or why that cannot be read.
    enum Reading: Sendable, Hashable {
        case valid(Value)
        case unreadable(FieldError)
    }

    var reading: Reading
    /// Metadata and status, for comparing and for references.
    var header: Object
    var generation: Int?
    var isBeingDeleted: Bool

    init(_ object: Object, _ read: (Object) throws(FieldError) -> Value) {
        do throws(FieldError) { reading = .valid(try read(object)) } catch { reading = .unreadable(error) }
        let metadata: JSON = [
            "name": JSON(object.name), "namespace": object.namespace.map { JSON($0) } ?? .null,
            "uid": object.uid.map { JSON($0) } ?? .null,
            "resourceVersion": object.resourceVersion.map { JSON($0) } ?? .null,
        ]
        header = Object([
            "apiVersion": JSON(object.apiVersion), "kind": JSON(object.kind), "metadata": metadata.droppingNulls,
            "status": object.json["status"] ?? [:],
        ])
        generation = object.generation
        isBeingDeleted = object.isBeingDeleted
    }

    /// What planning looks at: nothing for an object that cannot be read or is on its way out, so that nothing is made
    /// for it any more.
    var value: Value? {
        guard !isBeingDeleted, case .valid(let value) = reading else { return nil }
        return value
    }

    /// Why the object cannot be read.
    var problem: FieldError? {
        if case .unreadable(let error) = reading { error } else { nil }
    }
}
