import Kube
import KubeClient
import Planning
import PlanningInput

/// Brings one organization in Grafana to what is wanted: finds or creates it, reads it, changes what differs.
///
/// An organization is Tributary's if its address has the mark of the tenant, or its name is the temporary one. So a crash
/// between two calls leaves nothing that is not found again, and an organization that others made is never touched.
struct OrganizationWork: Sendable {
    var api: GrafanaServerAPI
    var mark: GrafanaMark
    var temporaryName: String
    /// Takes the ID of the organization as soon as it is known.
    var found: @Sendable (Int) -> Void

    /// An organization with its ID and name.
    private struct Located {
        var id: Int
        var name: String
    }

    // MARK: - Keeping

    /// Makes the organization what is wanted. Returns what was written last. Throws a problem of the server, or of the
    /// tenant; other changes are made in spite of a problem with one of them.
    func keep(
        _ wanted: GrafanaOrganization, recorded: Int?, _ written: OrganizationDiff.Written
    ) async throws -> (written: OrganizationDiff.Written, problem: GrafanaProblem?) {
        let existing = try await locate(recorded, wanted.name)
        let located: Located
        if let existing { located = existing } else { located = try await create() }
        found(located.id)
        var organization = FoundOrganization(id: located.id, name: located.name)
        organization.users = try await users(of: located.id)
        if let step = OrganizationDiff.joining(organization.users, user: api.admin.user) {
            var change = OrganizationChange(api: api, wanted: wanted, organization: organization, written: written)
            if let problem = try await change.make(step) { throw problem }
            organization.users = try await users(of: located.id)
        }
        // A new one is empty.
        if existing != nil { try await read(&organization, wanted) }
        let steps = OrganizationDiff.steps(wanted, organization, written, user: api.admin.user)
        var change = OrganizationChange(api: api, wanted: wanted, organization: organization, written: written)
        var problems: [GrafanaProblem] = []
        for step in steps {
            if let problem = try await change.make(step) { problems.append(problem) }
        }
        return (change.written, problems.joined)
    }

    private func users(of id: Int) async throws -> [FoundOrganization.User] {
        let answer = try await api.send(GrafanaCall("GET", "/api/orgs/\(id)/users"))
        guard answer.isSuccess, let list = answer.body.array else { throw answer.refusal("the members cannot be read") }
        return list.compactMap { FoundOrganization.User($0) }
    }

    private func read(_ organization: inout FoundOrganization, _ wanted: GrafanaOrganization) async throws {
        func get(_ path: String) async throws -> JSON? {
            let answer = try await api.send(GrafanaCall("GET", path, in: organization.id))
            if answer.status == 404 { return nil }
            guard answer.isSuccess else { throw answer.refusal("\(path) cannot be read") }
            return answer.body
        }
        organization.datasource = try await get(
            "/api/datasources/uid/\(PercentEncoding.segment(wanted.datasource.uid))")
        if let folder = try await get("/api/folders/\(GrafanaOrganization.folder.uid)") {
            organization.folder = FoundOrganization.Folder(
                id: folder["id"]?.int, title: folder["title"]?.string ?? "")
        }
        for uid in wanted.dashboards.compactMap({ $0["uid"]?.string }) {
            organization.dashboards[uid] = try await get("/api/dashboards/uid/\(uid)")
        }
    }

    // MARK: - Finding and creating

    /// The organization, by its recorded ID, or by its name if it is marked; nil if there is none.
    private func locate(_ recorded: Int?, _ name: String) async throws -> Located? {
        if let recorded, let found = try await organization(at: "/api/orgs/\(recorded)"), found.isOurs {
            return found.located
        }
        if let found = try await organization(at: "/api/orgs/name/\(PercentEncoding.segment(name))") {
            guard found.isOurs else { throw GrafanaProblem.nameTaken(name) }
            return found.located
        }
        guard let found = try await organization(at: "/api/orgs/name/\(PercentEncoding.segment(temporaryName))") else {
            return nil
        }
        try await setMark(found.located.id)
        return found.located
    }

    private func organization(at path: String) async throws -> (located: Located, isOurs: Bool)? {
        let answer = try await api.send(GrafanaCall("GET", path))
        if answer.status == 404 { return nil }
        guard answer.isSuccess, let id = answer.body["id"]?.int, let name = answer.body["name"]?.string else {
            throw answer.refusal("the organization cannot be read")
        }
        let isMarked = (answer.body["address", "address2"]?.string).map(mark.matches) ?? false
        // The first organization is Grafana's own.
        return (Located(id: id, name: name), id > 1 && (isMarked || name == temporaryName))
    }

    private func create() async throws -> Located {
        let answer = try await api.send(GrafanaCall("POST", "/api/orgs", ["name": JSON(temporaryName)]))
        guard answer.isSuccess, let id = answer.body["orgId"]?.int, id > 1 else {
            throw answer.refusal("an organization cannot be created")
        }
        found(id)
        try await setMark(id)
        return Located(id: id, name: temporaryName)
    }

    private func setMark(_ id: Int) async throws {
        let answer = try await api.send(
            GrafanaCall("PUT", "/api/orgs/\(id)/address", ["address2": JSON(mark.text)]))
        guard answer.isSuccess else { throw answer.refusal("the organization cannot be marked") }
    }

    // MARK: - Taking back

    /// Deletes the organization if it is ours; anything else that has its ID stays.
    func takeBack(recorded: Int) async throws {
        guard let found = try await organization(at: "/api/orgs/\(recorded)"), found.isOurs else { return }
        let answer = try await api.send(GrafanaCall("DELETE", "/api/orgs/\(recorded)"))
        guard answer.isSuccess || answer.status == 404 else {
            throw answer.refusal("the organization cannot be deleted")
        }
    }
}

extension GrafanaAnswer {
    /// The problem of an answer that refuses a call.
    func refusal(_ what: String, field: String? = nil) -> GrafanaProblem {
        GrafanaProblem(field, "GrafanaRefuses", "\(what): Grafana answers \(status): \(message)")
    }
}

extension GrafanaProblem {
    /// An organization of somebody else has the name.
    static func nameTaken(_ name: String) -> GrafanaProblem {
        GrafanaProblem(
            "spec.grafana.datasource.name", "GrafanaOrganizationTaken",
            "Grafana has an organization \"\(name)\" that Tributary did not create for this tenant; set another name, "
                + "or rename or delete that organization")
    }
}

extension [GrafanaProblem] {
    /// All problems as one: the first one's field and reason.
    fileprivate var joined: GrafanaProblem? {
        guard var first else { return nil }
        first.message = ([first.message] + dropFirst().map(\.text)).prefix(10).joined(separator: "; ")
        return first
    }
}
