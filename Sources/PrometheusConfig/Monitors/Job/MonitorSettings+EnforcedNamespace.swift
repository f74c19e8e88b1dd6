import Kube

extension MonitorSettings {
    /// The rule that sets the enforced label to the namespace of a monitor; none if it is not enforced for the monitor.
    func enforcedNamespaceRules(of object: Object) -> [JSON] {
        guard let label = enforcedNamespaceLabel, !label.isEmpty,
            !excludedFromEnforcement.contains(where: { $0.matches(object) })
        else { return [] }
        return [Relabelings.set(label, to: object.namespace ?? "")]
    }
}
