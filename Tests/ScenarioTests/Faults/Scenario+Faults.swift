import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

/// What scenarios of faults need beside others.
extension Scenario {
    /// How an operator connects that is installed for this namespace alone, with a lease and permissions of its own.
    func ownInstallation() async throws -> ClusterConfiguration {
        guard kind == .real else { return operatorCluster }
        let objects = try await Manifests.objects("manifests/namespaced").map { $0.moved(to: namespace) }
        try await Manifests.apply(objects, client)
        return try await serviceAccount("tributary")
    }

    /// Lets a test use a port on 127.0.0.1 where the API server answers without TLS, with the operator's permissions: where the
    /// proxies of a test can forward to.
    func withPlainPort(_ body: (Int) async throws -> Void) async throws {
        guard kind == .real else { return try await body(operatorCluster.server.port) }
        let kubectl = try await KubectlProxy(kubeconfig: operatorCluster.kubeconfig)
        do {
            try await body(kubectl.port)
        } catch {
            await kubectl.stop()
            throw error
        }
        await kubectl.stop()
    }

    /// The flags of a process that leads under a lease of this namespace, which others can take after six seconds.
    var election: [String] {
        [
            "--leader-elect", "--leader-election-namespace", namespace, "--leader-election-lease-duration", "6s",
            "--leader-election-renew-deadline", "4s", "--leader-election-retry-period", "500ms",
        ]
    }

    /// The lease of processes with the flags of ``election``.
    var electionLease: ObjectKey { key("tributary.tributary.dev") }

    /// Waits until a process leads that is not `other`; returns its identity.
    @discardableResult
    func waitForLeader(otherThan other: String? = nil) async throws -> String {
        try await TestSupport.waitFor("another process leads", within: .seconds(30)) {
            guard let holder = try await holder(of: electionLease), !holder.isEmpty, holder != other else { return nil }
            return holder
        }
    }

    /// Expects that the state is the one that an operator makes that knows nothing of what happened: it has nothing to write.
    func expectComplete(resources: Int) async throws {
        let fresh = startOperator()
        try await fresh.settle(after: resources)
        #expect(fresh.writes == 0, "\(fresh.writtenAnswers)")
        try await stop(fresh)
    }

    /// The writes that a local cluster got from processes, but for leases and events.
    var processWrites: [String] {
        (local?.requests ?? []).filter {
            $0.userAgent.hasPrefix("tributary/") && $0.method != "GET" && !$0.resource.hasPrefix("leases")
                && !$0.resource.hasPrefix("events")
        }.map { "\($0.verb) \($0.resource) \($0.name ?? "")" }
    }
}

/// What `/readyz?verbose` of a process says.
func readiness(port: Int) async throws -> String { try await curl(["http://127.0.0.1:\(port)/readyz?verbose"]).body }
