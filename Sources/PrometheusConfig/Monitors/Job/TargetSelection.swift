import Kube

/// The services or pods that a monitor selects, and the `selectorMechanism` by which it does.
struct TargetSelection {
    /// The labels of the services or pods.
    let selector: TargetLabelSelector
    /// Whether the API server selects, instead of relabelling rules.
    let usesRole: Bool

    init(_ spec: Fields) throws(FieldError) {
        selector = try TargetLabelSelector(try spec.objectOrEmpty("selector"))
        usesRole = try spec.word("selectorMechanism", among: ["RelabelConfig", "RoleSelector"]) == "RoleSelector"
    }

    /// The relabelling rules that select; none if the API server does.
    func rules(_ kind: String) -> [JSON] { usesRole ? [] : selector.rules(kind) }
}
