import Kube
import LocalCluster
import Planning
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

/// Requests to the API server, and changes in it.
extension Scenario {
    /// The requests of one user agent to a local cluster, such as `apply configmaps main-hashrings`.
    func requests(of userAgent: String) -> [String] {
        (local?.requests ?? []).filter { $0.userAgent == userAgent }.map { request in
            [request.verb, request.resource, request.name, request.subresource].compactMap { $0 }
                .joined(separator: " ")
        }
    }

    /// Waits until a local cluster has had no requests for a while.
    func settle() async throws {
        let clock = ContinuousClock()
        var count = -1
        var since = clock.now
        try await waitUntil("the cluster gets no more requests") {
            let now = local?.requests.count ?? 0
            if now != count { (count, since) = (now, clock.now) }
            return clock.now - since > .milliseconds(400)
        }
    }

    /// The resource versions of the custom resources and of all objects that Tributary created for them.
    func versions() async throws -> [String: String] {
        var versions: [String: String] = [:]
        for resource in [GlobalView.resource, Tenant.resource] + Self.madeKinds {
            for object in try await client.list(resource, namespace: namespace).items {
                let isCustom = object.apiVersion == GlobalView.resource.apiVersion
                guard isCustom || object.labels[Names.managedByLabel] == Names.manager else { continue }
                versions["\(resource.kind) \(object.name)"] = object.resourceVersion
            }
        }
        return versions
    }
}
