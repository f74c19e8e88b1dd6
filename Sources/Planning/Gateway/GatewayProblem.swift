/// Something that a gateway's configuration leaves out.
struct GatewayProblem: Hashable {
    /// The ids of the tenants that it concerns; empty if it concerns the view.
    var tenants: [String] = []
    /// The field that should change; nil if no single field is wrong.
    var field: String?
    /// The reason in CamelCase, for programs.
    var reason: String
    /// What was found and what would be right, in lower case. It has no part of a credential.
    var message: String
}
