import Kube

/// The objects that monitors find targets in: Services, pods and Ingresses, of files or of a cluster.
package struct TargetObjects: Sendable {
    let services: [ServiceShape]
    let pods: [PodShape]
    /// The Ingresses, with their labels.
    let ingresses: [(key: ObjectKey, labels: [String: String])]
    /// The namespaces whose objects are there; the files need not have them all.
    let namespaces: Set<String>
    /// Whether these are all objects, as in a cluster; files may lack some.
    package let isComplete: Bool

    /// Takes the objects that matter and ignores the others.
    package init(_ objects: [Object], isComplete: Bool) {
        self.isComplete = isComplete
        services = objects.compactMap { ServiceShape($0) }.sorted { $0.key < $1.key }
        pods = objects.compactMap { PodShape($0) }.sorted { $0.description < $1.description }
        ingresses = objects.filter { $0.group == "networking.k8s.io" && $0.kind == "Ingress" }
            .map { (ObjectKey(namespace: $0.namespace ?? "default", name: $0.name), $0.labels) }
        namespaces = Set(
            objects.filter { $0.group.isEmpty && $0.kind == Resource.namespaces.kind }.map(\.name))
    }

    /// Where the objects were looked for, in words.
    var place: String { isComplete ? "the cluster" : "the files" }
}
