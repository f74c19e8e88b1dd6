public import Kube
public import Receivers

/// The pods of one component of a custom resource: what their labels and those of the component's objects have in common.
public struct PodGroup: Sendable, Hashable {
    /// The namespace of the pods and of the custom resource.
    public var namespace: String
    /// The name of the custom resource.
    public var instance: String
    /// The component, such as `agent`.
    public var component: String
    /// The program that the pods run, such as `prometheus-agent`.
    public var program: String

    /// A group.
    public init(namespace: String, instance: String, component: String, program: String) {
        self.namespace = namespace
        self.instance = instance
        self.component = component
        self.program = program
    }

    /// The pods of the central Prometheus of a view.
    package static func centralPrometheus(of view: ObjectKey) -> PodGroup {
        PodGroup(
            namespace: view.namespace, instance: view.name, component: CentralNames.component,
            program: CentralNames.program)
    }

    /// The group of an object that Tributary made, by its labels; nil for any other object.
    public init?(_ object: Object) {
        let labels = object.labels
        guard labels[Names.managedByLabel] == Names.manager, let namespace = object.namespace,
            let instance = labels["app.kubernetes.io/instance"],
            let component = labels["app.kubernetes.io/component"], let program = labels["app.kubernetes.io/name"]
        else { return nil }
        self.init(namespace: namespace, instance: instance, component: component, program: program)
    }

    /// The custom resource that the group belongs to, which may be of any kind.
    public var owner: ObjectKey { ObjectKey(namespace: namespace, name: instance) }
}

/// A pod of a workload that Tributary made.
///
/// There may be thousands, so only what tells its owner why it is not ready is kept, and what an annotation needs.
public struct OwnPod: Sendable, Hashable {
    /// The pod.
    public var key: ObjectKey
    /// The UID of the pod, which no other pod of its name has.
    public var uid: String?
    /// The component that the pod belongs to.
    public var group: PodGroup
    /// Why the pod is not ready; nil if it is ready, is being deleted, or only needs time.
    public var trouble: PodTrouble?
    /// Whether the pod is being deleted.
    public var isTerminating: Bool
    /// Since when a pod of a central Prometheus has been ready; nil for one that is not, and for any other pod.
    public var readySince: Timestamp?
    /// The address of an agent's pod that is ready; nil for any other pod.
    public var agentAddress: String?
    /// The address of a Compactor's pod; nil for any other pod.
    public var compactorAddress: String?

    /// Reads a pod; nil if Tributary did not make its workload.
    public init?(_ object: Object) {
        guard object.kind == Resource.pods.kind, let group = PodGroup(object) else { return nil }
        key = object.key
        uid = object.uid
        self.group = group
        isTerminating = object.isBeingDeleted
        if !isTerminating {
            // No address is longer.
            let address = object.json["status", "podIP"]?.string.flatMap { $0.utf8.count <= 45 ? $0 : nil }
            switch (group.program, group.component) {
            case (AgentNames.program, AgentNames.component): agentAddress = Self.isReady(object) ? address : nil
            // One that has halted may not be ready.
            case (ThanosNames.compactorProgram, ThanosNames.compactorComponent): compactorAddress = address
            default: break
            }
        }
        if group.program == CentralNames.program, group.component == CentralNames.component, !isTerminating {
            let conditions = object.json["status", "conditions"]?.array ?? []
            let ready = conditions.first { $0["type"] == "Ready" && $0["status"] == "True" }
            readySince = ready.map { condition in
                condition["lastTransitionTime"]?.string.flatMap { Timestamp($0) } ?? Timestamp(seconds: 0)
            }
        }
        trouble = isTerminating ? nil : PodTrouble(ofPod: object)
    }

    private static func isReady(_ object: Object) -> Bool {
        let conditions = object.json["status", "conditions"]?.array ?? []
        return conditions.contains { $0["type"] == "Ready" && $0["status"] == "True" }
    }
}
