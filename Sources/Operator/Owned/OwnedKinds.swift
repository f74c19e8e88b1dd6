import Kube
import KubeRuntime
import PlanningInput

/// The kinds of objects that Tributary makes; each is watched by its label, so that drift is seen.
enum OwnedKinds {
    /// An object of a kind that is not watched: changes that others make to it would go unseen.
    struct Unknown: Error, Hashable, CustomStringConvertible {
        var object: String
        var apiVersion: String
        var description: String {
            "\(object): found a kind of \(apiVersion) that is not watched, expected one of "
                + all.map(\.kind).joined(separator: ", ")
        }
    }

    static let all: [Resource] = required + optional

    /// The kinds that every cluster serves.
    private static let required: [Resource] = [
        .configMaps, .secrets, .services, .serviceAccounts, .deployments, .statefulSets, .daemonSets, .roles,
        .roleBindings, .ingresses, .networkPolicies, .podDisruptionBudgets, .clusterRoleBindings,
    ]

    /// The kinds that not every cluster serves. Nothing waits for their watches.
    static let optional: [Resource] = [.httpRoutes, .grafanaDatasources, .certificates]

    /// The kinds in reach: an operator for some namespaces has none that belong to no namespace.
    static func all(in watched: WatchedNamespaces) -> [Resource] {
        watched.isAll ? all : all.filter(\.isNamespaced)
    }

    /// The resource of an object that planning made.
    static func resource(of object: Object) throws(Unknown) -> Resource {
        let found = all.first { $0.kind == object.kind && $0.apiVersion == object.apiVersion }
        guard let found else { throw Unknown(object: "\(object)", apiVersion: object.apiVersion) }
        return found
    }
}

/// Which object that Tributary makes is meant.
struct OwnedKey: Hashable {
    var resource: Resource
    var key: ObjectKey

    init(_ resource: Resource, _ key: ObjectKey) {
        self.resource = resource
        self.key = key
    }

    /// The key of an object that planning made.
    init(_ object: Object) throws(OwnedKinds.Unknown) {
        resource = try OwnedKinds.resource(of: object)
        key = object.key
    }
}
