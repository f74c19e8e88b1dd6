public import Kube

/// What a plan wants of a Grafana server: in the plan of a global view with `grafana.api`, and in those of its tenants.
public enum GrafanaPlan: Sendable, Hashable {
    /// The server of a global view.
    case server(GrafanaServer)
    /// The organization of a tenant.
    case organization(GrafanaOrganization)
    /// A tenant of a global view that should have no organization, although the view has a server.
    case noOrganization(view: ObjectKey)
}

/// The Grafana server of a global view.
public struct GrafanaServer: Sendable, Hashable {
    /// The URL of the server.
    public var url: String
    /// The Secret with the name and the password of a server administrator.
    public var secret: ObjectKey
    /// The key with the name of the user.
    public var userKey: String
    /// The key with the password.
    public var passwordKey: String
    /// The UID of the global view, which marks the organizations that were created for it.
    public var viewUID: String
    /// The tenants with an organization that are no longer tenants of the view.
    public var abandoned: Set<String>

    /// A server.
    public init(
        url: String, secret: ObjectKey, userKey: String, passwordKey: String, viewUID: String,
        abandoned: Set<String> = []
    ) {
        self.url = url
        self.secret = secret
        self.userKey = userKey
        self.passwordKey = passwordKey
        self.viewUID = viewUID
        self.abandoned = abandoned
    }
}

/// The text in an organization's address that tells for which tenant Tributary created it.
///
/// The ID of an organization is no proof: a Grafana whose database was lost gives the same IDs to other organizations.
public struct GrafanaMark: Sendable, Hashable {
    /// The namespace and name of the tenant.
    public var tenant: ObjectKey
    /// The UID of the global view.
    public var viewUID: String
    /// The UID of the tenant; nil for a tenant that is gone.
    public var tenantUID: String?

    /// The mark of a tenant's organization.
    public init(tenant: ObjectKey, viewUID: String, tenantUID: String?) {
        self.tenant = tenant
        self.viewUID = viewUID
        self.tenantUID = tenantUID
    }

    /// The text for the second line of the address.
    public var text: String { "Tributary: Tenant \(tenant), view \(viewUID), uid \(tenantUID ?? "-")" }

    /// Whether a text marks an organization of this tenant: either the view or the tenant may have been created anew.
    public func matches(_ text: String) -> Bool {
        let parts = text.components(between: "Tributary: Tenant ", ", view ", ", uid ")
        guard let parts, parts[0] == tenant.description else { return false }
        return parts[1] == viewUID || tenantUID.map { $0 == parts[2] } ?? false
    }
}

extension String {
    /// The texts after each of some separators, which have to follow each other; nil if the text has another form.
    fileprivate func components(between first: String, _ second: String, _ third: String) -> [String]? {
        guard hasPrefix(first) else { return nil }
        let rest = dropFirst(first.count)
        guard let middle = rest.firstRange(of: second) else { return nil }
        let tail = rest[middle.upperBound...]
        guard let last = tail.firstRange(of: third) else { return nil }
        return [String(rest[..<middle.lowerBound]), String(tail[..<last.lowerBound]), String(tail[last.upperBound...])]
    }
}
