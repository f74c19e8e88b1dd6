import Kube
import PlanningInput

/// The custom resource for which objects are made: gives them its labels and an owner reference.
struct Owner {
    let resource: Resource
    let metadata: ObjectMeta

    var namespace: String { metadata.namespace ?? "default" }

    /// The labels of one of the owner's components, by the recommended labels of Kubernetes.
    func labels(_ component: String, program: String) -> [String: String] {
        selector(component, program: program).merging([
            Names.managedByLabel: Names.manager, "app.kubernetes.io/part-of": Names.manager,
        ]) { own, _ in own }
    }

    /// The labels that tell the pods of one component of this owner from all others.
    func selector(_ component: String, program: String) -> [String: String] {
        RecommendedLabels.selector(component, program: program, of: metadata.name)
    }

    /// An object beside the owner that goes when the owner goes.
    func object(
        _ resource: Resource, _ name: String, labels: [String: String], annotations: [String: String] = [:],
        _ content: JSON
    ) -> Object {
        // An object from a file has no UID yet; the API server asks for one, so the reference waits until there is one.
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
