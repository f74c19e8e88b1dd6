import Kube
import PlanningInput
import Receivers

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

    /// Why pods of one of the owner's components are not ready.
    func troubles(_ component: String, program: String, in snapshot: Snapshot) -> [ObjectKey: PodTrouble] {
        snapshot.troubles(
            of: PodGroup(
                namespace: namespace, instance: metadata.name, component: component, program: program))
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
            ownerReferences: references ?? [], Self.reportingExits(content.droppingNulls))
    }

    /// Has the containers of a workload report the end of their log when they fail, which statuses then quote.
    private static func reportingExits(_ content: JSON) -> JSON {
        guard let pod = content["spec", "template", "spec"] else { return content }
        var content = content
        for member in ["initContainers", "containers"] {
            guard let containers = pod[member]?.array else { continue }
            content["spec", "template", "spec", member] = .array(
                containers.map { container in
                    guard container["terminationMessagePolicy"] == nil else { return container }
                    var container = container
                    container["terminationMessagePolicy"] = "FallbackToLogsOnError"
                    return container
                })
        }
        return content
    }
}
