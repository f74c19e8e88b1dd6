import Kube
import PlanningInput

/// The custom resource that owns objects: gives them its labels and an owner reference.
struct Owner {
    let resource: Resource
    let metadata: ObjectMeta

    var namespace: String { metadata.namespace ?? "default" }

    /// The labels of one of the owner's components, after the recommended labels of Kubernetes.
    func labels(_ component: String, program: String) -> [String: String] {
        selector(component, program: program).merging([
            Names.managedByLabel: Names.manager, "app.kubernetes.io/part-of": Names.manager,
        ]) { own, _ in own }
    }

    /// The labels that select the pods of one component of this owner and no others.
    func selector(_ component: String, program: String) -> [String: String] {
        RecommendedLabels.selector(component, program: program, of: metadata.name)
    }

    /// An object in the owner's namespace that is deleted together with the owner.
    func object(
        _ resource: Resource, _ name: String, labels: [String: String], annotations: [String: String] = [:],
        _ content: JSON
    ) -> Object {
        // An owner from a file has no UID, and the API server requires one: the reference is added once there is a UID.
        let references = metadata.uid.map {
            [
                OwnerReference(
                    apiVersion: self.resource.apiVersion, kind: self.resource.kind, name: metadata.name, uid: $0,
                    controller: true, blockOwnerDeletion: true)
            ]
        }
        return Object(
            resource, namespace: namespace, name: name, labels: labels, annotations: annotations,
            ownerReferences: references ?? [], content.droppingNulls)
    }
}
