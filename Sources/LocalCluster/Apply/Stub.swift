import Kube

enum ServerSideApply {
    static func apply(
        live: Object?, applied: JSON, manager: String, force: Bool, type: ResourceType, now: Timestamp,
        subresource: String?
    ) throws(APIStatus) -> Object {
        Object((live?.json ?? [:]).merging(applied))
    }
}
enum ManagedFields {
    static func update(
        live: Object?, new: Object, manager: String, type: ResourceType, now: Timestamp, subresource: String?
    ) -> Object { new }
}
enum StrategicMergePatch {
    static func apply(_ patch: JSON, to object: JSON, shape: MergeShape) throws(APIStatus) -> JSON {
        object.merging(patch)
    }
}
