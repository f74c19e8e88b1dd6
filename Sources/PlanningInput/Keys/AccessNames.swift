/// The label by which people let pods through the NetworkPolicies of a global view.
package enum AccessNames {
    /// The label of a namespace, or of a pod in the namespace of the GlobalView.
    package static let label = "tributary.dev/access"
    /// The label's value for those who may query the series of all tenants.
    package static let query = "query"
}
