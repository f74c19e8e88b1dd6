import Kube
import KubeRuntime
import PlanningInput
import TributaryAPI

/// A custom resource as it is kept: what it asks for, and what is needed to write its status and its Events.
///
/// There may be thousands, so each is one box, the specification is shared with the snapshot, and the status, which is
/// looked at only when the custom resource is planned, is kept as text.
struct Observed<Value: CustomResource>: Sendable, Hashable {
    /// What it asks for, or why that cannot be read.
    private enum Reading: Sendable, Hashable {
        case valid(Boxed<Value>)
        case unreadable(FieldError)
    }

    private struct Contents: Sendable, Hashable {
        var reading: Reading
        var key: ObjectKey
        var uid: String?
        var resourceVersion: String?
        var generation: Int?
        var isBeingDeleted: Bool
        var status: [UInt8]
    }

    private let contents: Boxed<Contents>

    init(_ object: Object) {
        var asked = object
        asked.json["status"] = nil
        // Since when a tenant is offboarded plays a part in the plans of others.
        if let offboarding = object.json["status", "offboarding"] {
            asked.json["status"] = ["offboarding": offboarding]
        }
        // Of annotations two play a part in planning, and kubectl keeps the whole object in another.
        let kept = object.annotations.filter { Names.planningAnnotations.contains($0.key) }
        // Each write changes the version, also one of the status.
        for member in ["annotations", "managedFields", "resourceVersion"] { asked.json["metadata", member] = nil }
        if !kept.isEmpty { asked.json["metadata", "annotations"] = JSON(kept) }
        let reading: Reading
        do throws(FieldError) {
            reading = .valid(Boxed(try Value(asked)))
        } catch {
            reading = .unreadable(error)
        }
        contents = Boxed(
            Contents(
                reading: reading, key: object.key, uid: object.uid, resourceVersion: object.resourceVersion,
                generation: object.generation, isBeingDeleted: object.isBeingDeleted,
                status: object.json["status"]?.encoded() ?? []))
    }

    var generation: Int? { contents.value.generation }
    var version: ObjectVersion {
        ObjectVersion(
            uid: UID(contents.value.uid ?? ""),
            resourceVersion: contents.value.resourceVersion.flatMap(ResourceVersion.init))
    }
    var uid: String? { contents.value.uid }
    var isBeingDeleted: Bool { contents.value.isBeingDeleted }

    /// Metadata and status, for comparing and for references.
    var header: Object {
        let contents = contents.value
        let metadata: JSON = [
            "name": JSON(contents.key.name), "namespace": JSON(contents.key.namespace),
            "uid": contents.uid.map { JSON($0) } ?? .null,
            "resourceVersion": contents.resourceVersion.map { JSON($0) } ?? .null,
        ]
        return Object([
            "apiVersion": JSON(Value.resource.apiVersion), "kind": JSON(Value.resource.kind),
            "metadata": metadata.droppingNulls, "status": (try? JSON(parsing: contents.status)) ?? [:],
        ])
    }

    /// The header with the generation, which tells whether the status is about the newest edit.
    var reported: Object {
        var object = header
        object.json["metadata", "generation"] = generation.map { JSON($0) }
        return object
    }

    /// Whether only the status differs from a former state, or fields that nothing here reads.
    func asksTheSame(as former: Observed) -> Bool {
        let (own, others) = (contents.value, former.contents.value)
        return own.uid == others.uid && own.generation == others.generation
            && own.isBeingDeleted == others.isBeingDeleted && own.reading == others.reading
    }

    /// What planning looks at: nothing for an object that cannot be read or is on its way out, so that nothing is made
    /// for it any more.
    var value: Boxed<Value>? {
        guard !isBeingDeleted, case .valid(let value) = contents.value.reading else { return nil }
        return value
    }

    /// Why the object cannot be read.
    var problem: FieldError? {
        if case .unreadable(let error) = contents.value.reading { error } else { nil }
    }
}
