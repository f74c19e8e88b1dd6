import Explanations
import Kube
import KubeClient
import KubeRuntime
import PlanningInput

/// Asks the API server what the operator may do: its ServiceAccount, or whoever runs this program.
struct PermissionReviews {
    let client: KubeClient
    /// The name of the user and the groups; nil for whoever runs this program.
    let user: (name: String, groups: [String])?
    /// The namespaces that the operator watches.
    let watched: WatchedNamespaces
    /// The operator's own namespace; nil if it is not known.
    let ownNamespace: String?

    /// The lines about permissions.
    func lines() async throws -> [CheckLine] {
        let permissions = OperatorPermission.all.filter { permission in
            switch permission.scope {
            case .watched: true
            case .own: ownNamespace != nil
            case .cluster: watched.isAll
            }
        }
        let places = permissions.flatMap { permission in namespaces(of: permission).map { (permission, $0) } }
        let questions = places.enumerated().flatMap { index, place in
            place.0.verbs.map { (index: index, verb: $0) }
        }
        let answers = await concurrently(questions) { question in
            let (permission, namespace) = places[question.index]
            return await Result { try await isAllowed(permission, question.verb, in: namespace) }
        }
        var refused: [Int: [String]] = [:]
        for (question, answer) in zip(questions, answers) where try !answer.get() {
            refused[question.index, default: []].append(question.verb)
        }
        return PermissionCheck.lines(
            asked: questions.count,
            refused: refused.sorted { $0.key < $1.key }.map { index, verbs in
                (places[index].0, verbs, WatchedNamespaces([places[index].1].compactMap(\.self)).description)
            },
            subject: user?.name ?? "whoever runs this program", place: watched.description)
    }

    private func namespaces(of permission: OperatorPermission) -> [String?] {
        switch permission.scope {
        case .watched: watched.scopes
        case .own: [ownNamespace]
        case .cluster: [nil]
        }
    }

    private func isAllowed(_ permission: OperatorPermission, _ verb: String, in place: String?) async throws -> Bool {
        let parts = permission.resource.split(separator: "/", maxSplits: 1).map(String.init)
        let attributes: JSON = [
            "group": JSON(permission.group), "resource": JSON(parts[0]),
            "subresource": parts.count > 1 ? JSON(parts[1]) : .null, "verb": JSON(verb),
            "namespace": place.map { JSON($0) } ?? .null, "name": permission.name.map { JSON($0) } ?? .null,
        ]
        var spec: JSON = ["resourceAttributes": attributes.droppingNulls]
        if let user {
            spec["user"] = JSON(user.name)
            spec["groups"] = .array(user.groups.map { JSON($0) })
        }
        let kind = user == nil ? "SelfSubjectAccessReview" : "SubjectAccessReview"
        let resource = Resource(
            group: "authorization.k8s.io", version: "v1", kind: kind, plural: "\(kind.lowercased())s",
            isNamespaced: false)
        return try await client.create(resource, Object(["spec": spec])).json["status", "allowed"] == true
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
