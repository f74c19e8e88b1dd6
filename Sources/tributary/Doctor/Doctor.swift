import Explanations
import Kube
import KubeClient
import Operator
import Planning
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Examines a cluster and the installation in it. It only reads.
struct Doctor {
    let client: KubeClient
    /// Whether this program runs in a pod of the cluster.
    let isInside: Bool
    let progress: Progress

    private static let operators = "app.kubernetes.io/name=tributary,app.kubernetes.io/component=operator"
    private static let made = "\(Names.managedByLabel)=\(Names.manager)"

    /// Everything that there is to say. What cannot be found out is a line as well.
    func examine() async -> CheckReport {
        progress.step("asking the API server")
        var lines = await server()
        guard lines.contains(where: { $0.level != .error }) else { return CheckReport(lines) }
        progress.step("looking at definitions")
        lines += await attempt("definitions") { try await definitions() }
        progress.step("reading custom resources")
        var snapshot = Snapshot(now: .now, credentials: .assumed)
        lines += await attempt("kinds") { try await kinds(&snapshot) }
        progress.step("looking for the operator")
        var operators: [Object] = []
        lines += await attempt("operator") {
            operators = try await client.listAll(.pods, ListQuery(labelSelector: Self.operators)).items
            return try await self.operators(operators)
        }
        progress.step("asking for permissions")
        lines += await attempt("permissions") { try await permissions(operators) }
        progress.step("looking at pods")
        var pods: [Object] = []
        lines += await attempt("images") {
            pods = try await client.listAll(.pods, ListQuery(labelSelector: Self.made)).items
            return ClusterChecks.images(operators + pods)
        }
        progress.step("asking servers")
        let addresses = Self.addresses(snapshot, pods)
        lines += await ServerReach(client: client, isInside: isInside).lines(addresses)
        return CheckReport(lines)
    }

    /// The lines of a check; one about the failure if it cannot be made.
    private func attempt(_ check: String, _ body: () async throws -> [CheckLine]) async -> [CheckLine] {
        do {
            return try await body()
        } catch let status as APIStatus where status.isForbidden {
            return [
                CheckLine(
                    .warning, check, "not checked: \(status.message)", advice: "run this as somebody who may read that")
            ]
        } catch {
            return [CheckLine(.error, check, "not checked: \(error)")]
        }
    }

    // MARK: - The API server

    private func server() async -> [CheckLine] {
        let before = Timestamp.now
        do {
            let response = try await client.raw(method: "GET", path: "/version")
            let version = (try? JSON(parsing: response.body))?["gitVersion"]?.string
            guard response.status == 200, let version else {
                return [CheckLine(.error, "API server", "it answers with HTTP status \(response.status)")]
            }
            return [
                CheckLine(.ok, "API server", "version \(version)"),
                ClusterChecks.clock(
                    server: response.headers["date"].flatMap { Timestamp(http: $0) }, before: before, after: .now),
            ]
        } catch {
            return [CheckLine(.error, "API server", "\(error)", advice: "check --kubeconfig and --context")]
        }
    }

    // MARK: - Kinds

    private func definitions() async throws -> [CheckLine] {
        var found: [(own: JSON, installed: Object?)] = []
        for own in TributaryAPI.customResourceDefinitions {
            let name = own["metadata", "name"]?.string ?? ""
            do {
                let key = ObjectKey(namespace: "", name: name)
                found.append((own, try await client.get(.customResourceDefinitions, key)))
            } catch let status as APIStatus where status.isNotFound {
                found.append((own, nil))
            }
        }
        return DefinitionCheck.lines(found)
    }

    /// Reads the custom resources, and says which kinds of others they need and do not have.
    private func kinds(_ snapshot: inout Snapshot) async throws -> [CheckLine] {
        var lines: [CheckLine] = []
        for kind in TributaryAPI.kinds {
            let objects: [Object]
            do {
                objects = try await client.listAll(kind.resource).items
            } catch let status as APIStatus where status.isNotFound {
                // The check of definitions has said so.
                continue
            }
            for object in objects {
                do throws(FieldError) {
                    try snapshot.take(object)
                } catch {
                    lines.append(CheckLine(.error, "custom resources", "\(object): \(error)"))
                }
            }
        }
        var kinds: [ClusterChecks.OptionalKind] = []
        func add(_ resource: Resource, needed: String?, _ purpose: String) async throws {
            kinds.append(
                ClusterChecks.OptionalKind(
                    resource, isServed: try await isServed(resource), needed: needed, purpose: purpose))
        }
        for kind in MonitorKind.allCases {
            let agent = snapshot.agents.values.filter { $0.selectors(of: kind).monitors != nil }
                .map { "PrometheusAgent \($0.metadata.key)" }.min()
            try await add(kind.resource, needed: agent, "agents that select them")
        }
        for (resource, purpose) in [
            (Resource.httpRoutes, "GlobalViews with httpRoute"),
            (.grafanaDatasources, "GlobalViews with grafana.datasources: GrafanaOperator"),
            (.certificates, "GlobalViews with thanos.tls.certificate"),
        ] {
            let view = snapshot.globalViews.values.filter { $0.asks(for: resource) }
                .map { "GlobalView \($0.metadata.key)" }.min()
            try await add(resource, needed: view, purpose)
        }
        for resource in [Resource.podDisruptionBudgets, .networkPolicies] {
            try await add(resource, needed: "the operator", "")
        }
        return ClusterChecks.kinds(kinds) + lines
    }

    private func isServed(_ resource: Resource) async throws -> Bool {
        let response = try await client.raw(method: "GET", path: "/apis/\(resource.apiVersion)")
        guard response.status != 404 else { return false }
        let resources = (try? JSON(parsing: response.body))?["resources"]?.array ?? []
        return resources.contains { $0["name"]?.string == resource.plural }
    }

    // MARK: - The operator

    private func operators(_ pods: [Object]) async throws -> [CheckLine] {
        var lines = ClusterChecks.operators(pods)
        for namespace in Set(pods.compactMap(\.namespace)).sorted() {
            let base = ObjectKey(namespace: namespace, name: ClusterChecks.leaseName)
            let count = ClusterChecks.shards(pods.filter { $0.namespace == namespace })
            for index in 0..<max(count, 1) {
                guard let shard = NamespaceShard(index, of: count) else { break }
                let key = shard.lease(from: base)
                let lease = try await lease(key)
                lines.append(ClusterChecks.leader(lease, key, shard: count > 1 ? index : nil, now: .now))
            }
        }
        return lines
    }

    private func lease(_ key: ObjectKey) async throws -> Object? {
        do {
            return try await client.get(.leases, key)
        } catch let status as APIStatus where status.isNotFound {
            return nil
        }
    }

    private func permissions(_ pods: [Object]) async throws -> [CheckLine] {
        guard let pod = pods.min(by: { $0.key < $1.key }) else {
            return try await PermissionReviews(client: client, user: nil, watched: .all, ownNamespace: nil).lines()
        }
        let own = pod.namespace ?? "default"
        let account = pod.json["spec", "serviceAccountName"]?.string ?? "default"
        let watched = WatchedNamespaces(
            ClusterChecks.values(of: "--namespace", in: pod).map { $0 == "$(POD_NAMESPACE)" ? own : $0 })
        let user = (
            name: "system:serviceaccount:\(own):\(account)",
            groups: ["system:serviceaccounts", "system:serviceaccounts:\(own)", "system:authenticated"]
        )
        do {
            return try await PermissionReviews(client: client, user: user, watched: watched, ownNamespace: own)
                .lines()
        } catch let status as APIStatus where status.isForbidden {
            // Whoever may not ask about others may ask about themselves: in the operator's pod that is the operator.
            return try await PermissionReviews(client: client, user: nil, watched: watched, ownNamespace: own)
                .lines()
        }
    }

    // MARK: - Servers

    private static func addresses(_ snapshot: Snapshot, _ pods: [Object]) -> [(owner: String, address: ViewAddress)] {
        let planner = Planner(snapshot)
        let views = snapshot.globalViews.keys.sorted().flatMap { key in
            planner.addresses(of: key).map { (owner: "GlobalView \(key)", address: $0) }
        }
        let receivers = pods.filter { $0.labels["app.kubernetes.io/component"] == ThanosNames.receiverComponent }
            .sorted { $0.key < $1.key }.compactMap { pod in
                pod.json["status", "podIP"]?.string.flatMap {
                    ViewAddress(receiver: $0)
                }.map { (owner: "pod \(pod.key)", address: $0) }
            }
        return views + receivers
    }
}
