import Kube
import Planning

/// What is wanted of each Grafana server and of each organization, and how far that is.
struct GrafanaOrganizations: Sendable {
    /// An organization: the tenant of a global view.
    struct Key: Hashable, Sendable, CustomStringConvertible {
        var view: ObjectKey
        var tenant: String

        var description: String { "Tenant \(view.namespace)/\(tenant) of GlobalView \(view.name)" }
        var tenantKey: ObjectKey { ObjectKey(namespace: view.namespace, name: tenant) }
    }

    struct View: Sendable {
        var server: GrafanaServer
        var gate = GrafanaGate()
        /// Whether nothing is done, since the view is paused or invalid.
        var isSuspended = false
        /// Since when the view is gone, and its organizations are taken back.
        var goneSince: Duration?
    }

    /// What is wanted of an organization.
    enum Wanted: Sendable, Hashable {
        case organization(GrafanaOrganization)
        /// The plan of the tenant wants none.
        case none
        /// The plan of the view does not know the tenant any more.
        case abandoned
    }

    struct Organization: Sendable {
        var wanted: Wanted
        var written = OrganizationDiff.Written()
        /// How often in a row it could not be brought to what is wanted.
        var failures = 0
    }

    private(set) var views: [ObjectKey: View] = [:]
    private(set) var organizations: [Key: Organization] = [:]
    private var counts: [ObjectKey: Int] = [:]

    /// How many organizations a view has.
    func count(of view: ObjectKey) -> Int { counts[view] ?? 0 }

    /// Takes over what a view's plan wants; returns the organizations to look at now.
    mutating func take(_ plan: Plan, of view: ObjectKey) -> [Key] {
        if plan.keepsExisting {
            views[view]?.isSuspended = true
            return []
        }
        guard case .server(let server)? = plan.grafana else {
            forget(view)
            return []
        }
        let old = views[view]
        var new = old ?? View(server: server)
        new.server = server
        new.isSuspended = false
        new.goneSince = nil
        var same = old?.server
        same?.abandoned = server.abandoned
        if same != server || old?.isSuspended == true || old?.goneSince != nil { new.gate.open() }
        let asksAll = same != server || old?.isSuspended == true || old?.goneSince != nil
        views[view] = new
        for tenant in server.abandoned { _ = set(.abandoned, Key(view: view, tenant: tenant)) }
        let abandoned = server.abandoned.subtracting(old?.server.abandoned ?? []).map { Key(view: view, tenant: $0) }
        return asksAll ? keys(of: view) : abandoned
    }

    /// Takes over what a tenant's plan wants; returns the organizations to look at now.
    mutating func take(_ plan: Plan, ofTenant tenant: ObjectKey) -> [Key] {
        switch plan.grafana {
        case .organization(let wanted)?:
            let key = Key(view: wanted.view, tenant: tenant.name)
            return set(.organization(wanted), key) ? [key] : []
        case .noOrganization(let view)?:
            let key = Key(view: view, tenant: tenant.name)
            return set(.none, key) ? [key] : []
        case .server?, nil: return []
        }
    }

    /// A view is gone: its organizations are taken back. Returns them.
    mutating func remove(_ view: ObjectKey, having tenants: some Sequence<String>, now: Duration) -> [Key] {
        guard views[view] != nil else { return [] }
        let since = views[view]?.goneSince ?? now
        views[view]?.goneSince = since
        views[view]?.isSuspended = false
        for key in keys(of: view) { _ = set(.abandoned, key) }
        for tenant in tenants { _ = set(.abandoned, Key(view: view, tenant: tenant)) }
        return keys(of: view)
    }

    /// Changes what is known of a view's server.
    mutating func update<Result>(_ view: ObjectKey, _ body: (inout View) -> Result) -> Result? {
        guard var value = views[view] else { return nil }
        defer { views[view] = value }
        return body(&value)
    }

    /// Takes in how the work on an organization has ended; returns how often in a row it has failed.
    mutating func worked(_ key: Key, _ written: OrganizationDiff.Written?, hasFailed: Bool) -> Int {
        guard organizations[key] != nil else { return 0 }
        if let written { organizations[key]?.written = written }
        let failures = hasFailed ? (organizations[key]?.failures ?? 0) + 1 : 0
        organizations[key]?.failures = failures
        return failures
    }

    /// An organization is taken back, unless it is wanted again. Returns whether it was the last of a view that is gone.
    mutating func tookBack(_ key: Key) -> Bool {
        switch organizations[key]?.wanted {
        case .organization?, nil: return false
        case Wanted.none?, .abandoned?: break
        }
        organizations[key] = nil
        counts[key.view, default: 1] -= 1
        guard count(of: key.view) == 0, views[key.view]?.goneSince != nil else { return false }
        forget(key.view)
        return true
    }

    /// Forgets a view without taking anything back.
    mutating func forget(_ view: ObjectKey) {
        guard views.removeValue(forKey: view) != nil || counts[view] != nil else { return }
        for key in keys(of: view) { organizations[key] = nil }
        counts[view] = nil
    }

    private func keys(of view: ObjectKey) -> [Key] { organizations.keys.filter { $0.view == view } }

    /// Sets what is wanted; returns whether that is new.
    private mutating func set(_ wanted: Wanted, _ key: Key) -> Bool {
        guard let old = organizations[key] else {
            organizations[key] = Organization(wanted: wanted)
            counts[key.view, default: 0] += 1
            return true
        }
        guard old.wanted != wanted else { return false }
        organizations[key]?.wanted = wanted
        organizations[key]?.failures = 0
        return true
    }
}
