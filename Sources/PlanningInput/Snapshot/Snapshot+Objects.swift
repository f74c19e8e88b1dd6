public import Kube
import Receivers
import TributaryAPI

extension Snapshot {
    /// Takes in an object as a file or the API server has it; returns whether planning reads objects of its kind.
    ///
    /// Throws ``FieldError`` for a custom resource of Tributary's that cannot be read.
    @discardableResult
    public mutating func take(_ object: Object) throws(FieldError) -> Bool {
        guard let change = try Self.customResource(object) ?? observation(object) else { return takeNode(object) }
        take(change)
        if let secret = CredentialSecret(object, needsOwner: false) {
            take(.tenantCredential(secret.tenant, secret.purpose, secret.credential))
        }
        return true
    }

    private static func customResource(_ object: Object) throws(FieldError) -> Change? {
        switch PlanKey(group: object.group, kind: object.kind, object.key) {
        case .globalView(let key): .globalView(key, Boxed(try GlobalView(object)))
        case .tenant(let key): .tenant(key, Boxed(try Tenant(object)))
        case .agent(let key): .agent(key, Boxed(try PrometheusAgent(object)))
        case nil: nil
        }
    }

    private func observation(_ object: Object) -> Change? {
        let key = object.key
        if let set = ReceiverSet(object) { return .receiverSet(key, set) }
        if let pod = RouterPod(object) { return .routerPod(key, pod) }
        if let pod = ReceiverPod(object) {
            return .receiverPod(key, pod, of: pod.setKey)
        }
        if let zones = EndpointZones(object) { return .endpointZones(key, zones, service: zones.service) }
        if let file = PublishedHashrings(object) { return .hashrings(key, file) }
        if let file = PublishedLimits(object) { return .limits(key, file) }
        if let record = GrafanaRecord(object) { return .grafanaRecord(record) }
        if let monitor = ObservedMonitor(object) { return .monitor(monitor.kind, monitor.key, monitor) }
        if object.kind == Resource.namespaces.kind, object.apiVersion == Resource.namespaces.apiVersion {
            let own = ["kubernetes.io/metadata.name": object.name]
            return .namespace(object.name, labels: object.labels.merging(own) { _, own in own })
        }
        return CredentialSource(object).map { .credential($0, CredentialContent(object)) }
    }

    /// Any label of a node may be the one that zones are read from.
    private mutating func takeNode(_ object: Object) -> Bool {
        guard object.kind == Resource.nodes.kind else { return false }
        for (label, value) in object.labels { take(.nodeZone(value, node: object.name, label: label)) }
        return true
    }
}
