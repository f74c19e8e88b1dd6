import Kube
import KubeClient
import Planning
import PlanningInput

/// Makes the steps of ``OrganizationDiff`` in an organization.
struct OrganizationChange: Sendable {
    let api: GrafanaServerAPI
    let wanted: GrafanaOrganization
    private(set) var organization: FoundOrganization
    private(set) var written: OrganizationDiff.Written

    init(
        api: GrafanaServerAPI, wanted: GrafanaOrganization, organization: FoundOrganization,
        written: OrganizationDiff.Written
    ) {
        self.api = api
        self.wanted = wanted
        self.organization = organization
        self.written = written
    }

    /// Makes a step; returns why Grafana refuses it, nil if it does not. Throws a problem of the server.
    mutating func make(_ step: OrganizationDiff.Step) async throws -> GrafanaProblem? {
        let users = "/api/orgs/\(organization.id)/users"
        switch step {
        case .rename(let name):
            let answer = try await api.send(
                GrafanaCall("PUT", "/api/orgs/\(organization.id)", ["name": JSON(name)]))
            // Grafana says 400 or 409.
            let isTaken = [400, 409].contains(answer.status) && answer.message.contains("taken")
            return isTaken ? .nameTaken(name) : problem(answer, "the organization cannot be renamed")
        case .addUser(let name, let role):
            let answer = try await api.send(
                GrafanaCall("POST", users, ["loginOrEmail": JSON(name), "role": JSON(role)]))
            guard answer.status == 404 else {
                return problem(answer, "\"\(name)\" cannot be added", field: "spec.grafana.members")
            }
            return GrafanaProblem(
                "spec.grafana.members", "GrafanaUserUnknown",
                "Grafana has no user \"\(name)\"; expected the login or the email address of a user who exists")
        case .setRole(let id, let role):
            let answer = try await api.send(GrafanaCall("PATCH", "\(users)/\(id)", ["role": JSON(role)]))
            return problem(answer, "the role of user \(id) cannot be set", field: "spec.grafana.members")
        case .removeUser(let id):
            let answer = try await api.send(GrafanaCall("DELETE", "\(users)/\(id)"))
            if answer.status == 404 { return nil }
            return problem(answer, "user \(id) cannot be removed", field: "spec.grafana.members")
        case .createDatasource: return try await writeDatasource("POST", ["/api/datasources"])
        case .updateDatasource(let id):
            // Grafana 7 and 8 have the second path only, versions in the future the first one only.
            let uid = "/api/datasources/uid/\(PercentEncoding.segment(wanted.datasource.uid))"
            return try await writeDatasource("PUT", [uid] + (id.map { ["/api/datasources/\($0)"] } ?? []))
        case .createFolder:
            let (uid, title) = GrafanaOrganization.folder
            let answer = try await api.send(
                GrafanaCall(
                    "POST", "/api/folders", in: organization.id, ["uid": JSON(uid), "title": JSON(title)]))
            if answer.isSuccess {
                organization.folder = FoundOrganization.Folder(id: answer.body["id"]?.int, title: title)
            }
            return problem(answer, "the folder \"\(title)\" cannot be created")
        case .renameFolder:
            let (uid, title) = GrafanaOrganization.folder
            let answer = try await api.send(
                GrafanaCall(
                    "PUT", "/api/folders/\(uid)", in: organization.id, ["title": JSON(title), "overwrite": true]))
            return problem(answer, "the folder \"\(title)\" cannot be renamed")
        case .saveDashboard(let uid): return try await saveDashboard(uid)
        }
    }

    private mutating func writeDatasource(_ method: String, _ paths: [String]) async throws -> GrafanaProblem? {
        let datasource = wanted.datasource
        var body: JSON = [
            "name": JSON(datasource.name), "uid": JSON(datasource.uid), "type": "prometheus", "access": "proxy",
            "url": JSON(datasource.url), "isDefault": true, "basicAuth": false, "jsonData": datasource.settings,
        ]
        if let token = datasource.token?.value {
            body["secureJsonData"] = ["httpHeaderValue1": JSON("Bearer \(token)")]
        }
        var refused: GrafanaAnswer?
        for path in paths {
            let answer = try await api.send(
                GrafanaCall(method, path, in: organization.id, body), hiding: datasource.token)
            if answer.isSuccess {
                written.datasource = datasource
                written.datasourceVersion = answer.body["datasource", "version"]?.int
                return nil
            }
            refused = answer
            guard answer.status == 404 || answer.status == 405 else { break }
        }
        return refused.flatMap { problem($0, "the datasource \"\(datasource.name)\" cannot be written") }
    }

    private mutating func saveDashboard(_ uid: String) async throws -> GrafanaProblem? {
        guard let dashboard = wanted.dashboards.first(where: { $0["uid"]?.string == uid }) else { return nil }
        var body: JSON = [
            "dashboard": dashboard, "overwrite": true, "message": "Tributary",
            "folderUid": JSON(GrafanaOrganization.folder.uid),
        ]
        body["folderId"] = organization.folder?.id.map { JSON($0) }
        let answer = try await api.send(GrafanaCall("POST", "/api/dashboards/db", in: organization.id, body))
        if answer.isSuccess {
            written.limits = wanted.limits
            written.dashboardVersions[uid] = answer.body["version"]?.int
        }
        return problem(answer, "the dashboard \(uid) cannot be saved")
    }

    private func problem(_ answer: GrafanaAnswer, _ what: String, field: String? = nil) -> GrafanaProblem? {
        answer.isSuccess ? nil : answer.refusal(what, field: field)
    }
}
