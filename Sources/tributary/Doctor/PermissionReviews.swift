import Explanations
import Kube
import KubeClient

/// Asks the API server what the operator may do: its ServiceAccount, or whoever runs this program.
struct PermissionReviews {
    let client: KubeClient
    /// The name of the user and the groups; nil for whoever runs this program.
    let user: (name: String, groups: [String])?
    /// The only namespace that the operator watches; nil for all.
    let namespace: String?
    /// The operator's own namespace; nil if it is not known.
    let ownNamespace: String?

    /// The lines about permissions.
    func lines() async throws -> [CheckLine] {
        let permissions = OperatorPermission.all.filter { permission in
            switch permission.scope {
            case .watched: true
            case .own: ownNamespace != nil
            case .cluster: namespace == nil
            }
        }
        let questions = permissions.enumerated().flatMap { index, permission in
            permission.verbs.map { (index: index, verb: $0) }
        }
        let answers = await concurrently(questions) { question in
            await Result { try await isAllowed(permissions[question.index], question.verb) }
        }
        var refused: [Int: [String]] = [:]
        for (question, answer) in zip(questions, answers) where try !answer.get() {
            refused[question.index, default: []].append(question.verb)
        }
        return PermissionCheck.lines(
            asked: questions.count, refused: refused.sorted { $0.key < $1.key }.map { (permissions[$0.key], $0.value) },
            subject: user?.name ?? "whoever runs this program", namespace: namespace)
    }

    private func isAllowed(_ permission: OperatorPermission, _ verb: String) async throws -> Bool {
        let parts = permission.resource.split(separator: "/", maxSplits: 1).map(String.init)
        let place: String? =
            switch permission.scope {
            case .watched: namespace
            case .own: ownNamespace
            case .cluster: nil
            }
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
