import Kube

/// What an organization in Grafana has, as far as Tributary decides it.
struct FoundOrganization: Sendable, Hashable {
    struct User: Sendable, Hashable {
        var id: Int
        var login: String
        var email: String
        var role: String

        /// Whether the user has a login or an email address; Grafana compares neither by case.
        func isCalled(_ name: String) -> Bool {
            let name = name.lowercased()
            return !name.isEmpty && (login.lowercased() == name || email.lowercased() == name)
        }
    }

    struct Folder: Sendable, Hashable {
        /// Versions of Grafana in the future have no numbers.
        var id: Int?
        var title: String
    }

    var id: Int
    var name: String
    var users: [User] = []
    /// The datasource with our identifier, as Grafana describes it.
    var datasource: JSON?
    var folder: Folder?
    /// The dashboards by identifier, each with `meta` and `dashboard`.
    var dashboards: [String: JSON] = [:]

    init(id: Int, name: String) {
        self.id = id
        self.name = name
    }
}

extension FoundOrganization.User {
    /// A user in Grafana's list; nil for an element that is none.
    init?(_ json: JSON) {
        guard let id = json["userId"]?.int, let role = json["role"]?.string else { return nil }
        self.init(id: id, login: json["login"]?.string ?? "", email: json["email"]?.string ?? "", role: role)
    }
}
