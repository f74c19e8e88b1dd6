import Kube
import Planning
import Testing

@testable import Operator

@Suite("What has to change in an organization")
struct OrganizationDiffTests {
    static let wanted = wanting(members: nil)

    static func wanting(
        members: [String: String]?, name: String = "acme", url: String = "http://read", token: String? = "token"
    ) -> GrafanaOrganization {
        GrafanaOrganization(
            view: ObjectKey(namespace: "o", name: "main"), name: name,
            mark: GrafanaMark(tenant: ObjectKey(namespace: "o", name: "acme"), viewUID: "v", tenantUID: "t"),
            datasource: GrafanaOrganization.Datasource(
                uid: "tributary-o-acme", name: name, url: url,
                settings: ["httpMethod": "POST", "httpHeaderName1": "Authorization"],
                token: token.map { HiddenText($0) }),
            members: members)
    }

    private static let admin = FoundOrganization.User(id: 1, login: "root", email: "root@localhost", role: "Admin")

    /// An organization as it is after the first steps, and what was written.
    private static func complete(
        _ users: FoundOrganization.User...
    ) -> (FoundOrganization, OrganizationDiff.Written) {
        var found = FoundOrganization(id: 2, name: "acme")
        found.users = [admin] + users
        found.datasource = [
            "id": 5, "name": "acme", "type": "prometheus", "access": "proxy", "url": "http://read", "version": 3,
            "secureJsonFields": ["httpHeaderValue1": true],
        ]
        found.folder = FoundOrganization.Folder(id: 9, title: "Tributary")
        var written = OrganizationDiff.Written()
        (written.datasource, written.datasourceVersion) = (wanted.datasource, 3)
        for dashboard in wanted.dashboards {
            guard let uid = dashboard["uid"]?.string else { continue }
            var dashboard = dashboard
            (dashboard["id"], dashboard["version"]) = (4, 7)
            found.dashboards[uid] = ["meta": ["folderTitle": "Tributary"], "dashboard": dashboard]
            written.dashboardVersions[uid] = 7
        }
        written.limits = wanted.limits
        return (found, written)
    }

    private static func steps(
        _ wanted: GrafanaOrganization = wanted, _ users: FoundOrganization.User...,
        change: (inout FoundOrganization, inout OrganizationDiff.Written) -> Void = { _, _ in }
    ) -> [OrganizationDiff.Step] {
        var (found, written) = complete()
        found.users += users
        change(&found, &written)
        return OrganizationDiff.steps(wanted, found, written, user: "root")
    }

    @Test func `A new organization gets its name, its datasource, its folder and its dashboards`() {
        var found = FoundOrganization(id: 2, name: "tributary v o/acme")
        found.users = [Self.admin]
        #expect(
            OrganizationDiff.steps(Self.wanted, found, OrganizationDiff.Written(), user: "root") == [
                .rename("acme"), .createDatasource, .createFolder, .saveDashboard(uid: "tributary-tenant"),
            ])
    }

    @Test func `An organization that is as wanted stays as it is`() {
        #expect(Self.steps() == [])
    }

    @Test func `What somebody has changed is changed back`() {
        #expect(Self.steps { found, _ in found.name = "other" } == [.rename("acme")])
        // Secret fields cannot be read, but each change counts the version up.
        #expect(Self.steps { found, _ in found.datasource?["version"] = 4 } == [.updateDatasource(id: 5)])
        #expect(Self.steps { found, _ in found.datasource?["url"] = "http://x" } == [.updateDatasource(id: 5)])
        #expect(Self.steps { found, _ in found.datasource = nil } == [.createDatasource])
        #expect(Self.steps { found, _ in found.folder?.title = "Mine" } == [.renameFolder])
        #expect(Self.steps { found, _ in found.folder = nil } == [.createFolder])
        #expect(
            Self.steps { found, _ in
                found.dashboards["tributary-tenant"]?["dashboard", "version"] = 8
                found.dashboards["tributary-tenant"]?["dashboard", "title"] = "Mine"
            } == [.saveDashboard(uid: "tributary-tenant")])
        #expect(Self.steps { found, _ in found.dashboards = [:] } == [.saveDashboard(uid: "tributary-tenant")])
    }

    @Test func `Another process writes the secret once, since it does not know what Grafana has`() {
        #expect(Self.steps { _, written in written = OrganizationDiff.Written() } == [.updateDatasource(id: 5)])
    }

    @Test func `A new credential or address changes the datasource`() {
        for wanted in [
            Self.wanting(members: nil, token: "new"), Self.wanting(members: nil, url: "http://other"),
            Self.wanting(members: nil, token: nil),
        ] {
            #expect(Self.steps(wanted) == [.updateDatasource(id: 5)])
        }
    }

    @Test func `Members are found by login or email address, whatever their case`() {
        let al = FoundOrganization.User(id: 2, login: "al", email: "Al@example.org", role: "Viewer")
        let bo = FoundOrganization.User(id: 3, login: "bo", email: "", role: "Viewer")
        let wanted = Self.wanting(members: ["al@Example.org": "Viewer", "BO": "Editor", "cy": "Admin"])
        #expect(Self.steps(wanted, al, bo) == [.setRole(userID: 3, "Editor"), .addUser("cy", role: "Admin")])
    }

    @Test func `Users who are not listed are removed, and nobody is where members are not managed`() {
        let al = FoundOrganization.User(id: 2, login: "al", email: "", role: "Viewer")
        #expect(Self.steps(Self.wanting(members: [:]), al) == [.removeUser(userID: 2)])
        #expect(Self.steps(Self.wanting(members: nil), al) == [])
    }

    @Test func `The administrator who changes an organization stays in it, as an administrator`() {
        #expect(Self.steps(Self.wanting(members: [:])) == [])
        #expect(Self.steps(Self.wanting(members: ["root": "Viewer"])) == [])
        #expect(OrganizationDiff.joining([Self.admin], user: "ROOT") == nil)
        #expect(OrganizationDiff.joining([], user: "root") == .addUser("root", role: "Admin"))
        var viewer = Self.admin
        viewer.role = "Viewer"
        #expect(OrganizationDiff.joining([viewer], user: "root") == .setRole(userID: 1, "Admin"))
    }
}
