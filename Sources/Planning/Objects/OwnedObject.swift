import Kube

/// The names of the labels and annotations that Tributary writes.
public enum Names {
    /// The field manager under which everything is applied, and the value of `app.kubernetes.io/managed-by`.
    public static let manager = "tributary"
    /// Marks what Tributary made; watches select by it.
    public static let managedByLabel = "app.kubernetes.io/managed-by"
    /// On objects outside their custom resource's namespace, where no owner reference can stand: the name of the agent
    /// they serve.
    public static let agentLabel = "tributary.dev/agent"
    /// Beside ``agentLabel``: the agent's namespace. Both in one label would not fit into its 63 characters.
    public static let agentNamespaceLabel = "tributary.dev/agent-namespace"
    /// On the ConfigMap with the hashring file: the ids whose entries stay when their Tenants are deleted, with commas
    /// between.
    public static let retainedAnnotation = "tributary.dev/retained-tenants"
    /// On the ConfigMap with the hashring file: the hashes of the files since receivers last left, in hexadecimal, with
    /// commas between.
    public static let equivalentAnnotation = "tributary.dev/equivalent-hashes"
    /// On what runs a hashring's receivers: the ring's name.
    public static let hashringLabel = "tributary.dev/hashring"
}

/// The custom resource for which objects are made: gives them its labels and an owner reference.
struct Owner {
    let resource: Resource
    let metadata: ObjectMeta

    var namespace: String { metadata.namespace ?? "default" }

    /// The labels of one of the owner's components, by the recommended labels of Kubernetes.
    func labels(_ component: String, name: String) -> [String: String] {
        selector(component, name: name).merging([
            Names.managedByLabel: Names.manager, "app.kubernetes.io/part-of": Names.manager,
        ]) { own, _ in own }
    }

    /// The labels that tell the pods of one component of this owner from all others.
    func selector(_ component: String, name: String) -> [String: String] {
        [
            "app.kubernetes.io/name": name,
            "app.kubernetes.io/instance": metadata.name,
            "app.kubernetes.io/component": component,
        ]
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
