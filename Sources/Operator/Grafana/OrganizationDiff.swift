import Kube
import Planning

/// What has to change in an organization: a function of what is wanted and what was found.
enum OrganizationDiff {
    /// One change.
    enum Step: Sendable, Hashable {
        case rename(String)
        case addUser(String, role: String)
        case setRole(userID: Int, String)
        case removeUser(userID: Int)
        case createDatasource
        case updateDatasource(id: Int?)
        case createFolder
        case renameFolder
        case saveDashboard(uid: String)
    }

    /// What this process has written last, since Grafana shows neither secret fields nor, perhaps, what it was given.
    struct Written: Sendable, Hashable {
        var datasource: GrafanaOrganization.Datasource?
        var datasourceVersion: Int?
        var limits: DashboardLimits?
        var dashboardVersions: [String: Int] = [:]
    }

    /// The steps, in an order in which each is possible. `user` is the administrator who makes the changes.
    static func steps(
        _ wanted: GrafanaOrganization, _ found: FoundOrganization, _ written: Written, user: String
    ) -> [Step] {
        var steps: [Step] = found.name == wanted.name ? [] : [.rename(wanted.name)]
        steps += members(wanted.members, found.users, user: user)
        switch found.datasource {
        case nil: steps.append(.createDatasource)
        case let datasource? where !isWanted(datasource, wanted.datasource, written):
            steps.append(.updateDatasource(id: datasource["id"]?.int))
        default: break
        }
        switch found.folder?.title {
        case nil: steps.append(.createFolder)
        case GrafanaOrganization.folder.title: break
        default: steps.append(.renameFolder)
        }
        for dashboard in wanted.dashboards {
            guard let uid = dashboard["uid"]?.string,
                !isWanted(found.dashboards[uid], uid, dashboard, wanted.limits, written)
            else { continue }
            steps.append(.saveDashboard(uid: uid))
        }
        return steps
    }

    /// The administrator has to be a member, or Grafana refuses to change the organization: it is added before all
    /// else, and never removed.
    static func joining(_ users: [FoundOrganization.User], user: String) -> Step? {
        guard let own = users.first(where: { $0.isCalled(user) }) else { return .addUser(user, role: "Admin") }
        return own.role == "Admin" ? nil : .setRole(userID: own.id, "Admin")
    }

    private static func members(
        _ members: [String: String]?, _ users: [FoundOrganization.User], user: String
    ) -> [Step] {
        guard let members else { return [] }
        var steps: [Step] = []
        var wanted: Set<Int> = []
        for (name, role) in members.sorted(by: { $0.key < $1.key }) {
            guard let found = users.first(where: { $0.isCalled(name) }) else {
                if name.lowercased() != user.lowercased() { steps.append(.addUser(name, role: role)) }
                continue
            }
            // One user may be listed by login and by email address: the first entry counts.
            let isFirst = wanted.insert(found.id).inserted
            if isFirst, found.role != role, !found.isCalled(user) {
                steps.append(.setRole(userID: found.id, role))
            }
        }
        for found in users where !wanted.contains(found.id) && !found.isCalled(user) {
            steps.append(.removeUser(userID: found.id))
        }
        return steps
    }

    private static func isWanted(
        _ found: JSON, _ wanted: GrafanaOrganization.Datasource, _ written: Written
    ) -> Bool {
        // Secret fields cannot be read: what was last written by this process counts, unless the datasource has
        // changed since.
        guard written.datasource == wanted, let version = written.datasourceVersion, version == found["version"]?.int
        else { return false }
        return found["secureJsonFields", "httpHeaderValue1"]?.bool ?? false == (wanted.token != nil)
            && found["name"]?.string == wanted.name && found["url"]?.string == wanted.url
            && found["type"]?.string == "prometheus" && found["access"]?.string == "proxy"
    }

    private static func isWanted(
        _ found: JSON?, _ uid: String, _ wanted: JSON, _ limits: DashboardLimits, _ written: Written
    ) -> Bool {
        guard let found, var dashboard = found["dashboard"] else { return false }
        if let version = written.dashboardVersions[uid], version == dashboard["version"]?.int,
            written.limits == limits
        {
            return true
        }
        dashboard["id"] = nil
        dashboard["version"] = nil
        return dashboard == wanted && found["meta", "folderTitle"]?.string == GrafanaOrganization.folder.title
    }
}
