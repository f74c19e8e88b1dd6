/// What was found out about a view's Grafana.
public enum GrafanaFinding: Sendable, Hashable {
    /// The ID of a tenant's organization; nil if the tenant has none any more.
    case organization(tenant: String, Int?)
    /// Why a tenant does not have in Grafana what it should have; nil if it has.
    case problem(tenant: String, GrafanaProblem?)
    /// Why the server cannot be used; nil if it can.
    case server(GrafanaProblem?)
    /// Everything that was created for a view that is gone is taken back.
    case forgotten
}

/// Why something is not in Grafana.
public struct GrafanaProblem: Error, Sendable, Hashable {
    /// The field that should change; nil if no field is wrong.
    public var field: String?
    /// The reason in CamelCase.
    public var reason: String
    /// What was found and what would be right.
    public var message: String

    /// A problem.
    public init(_ field: String?, _ reason: String, _ message: String) {
        self.field = field
        self.reason = reason
        self.message = message
    }

    /// The message with its field.
    public var text: String { field.map { "\($0): \(message)" } ?? message }
}
