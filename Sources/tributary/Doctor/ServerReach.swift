import Explanations
import Kube
import KubeClient
import KubeRuntime
import Planning
import PlanningInput

/// Whether servers answer, as far as that can be told from where this program runs.
struct ServerReach {
    let client: KubeClient
    /// Whether this program runs in a pod of the cluster, where names of Services resolve.
    let isInside: Bool

    /// How long a server may take.
    private static let longest = Duration.seconds(5)
    /// The most servers that are asked.
    private static let most = 200

    /// The lines about servers; those that are only reached from within the cluster are not asked from elsewhere.
    func lines(_ addresses: [(owner: String, address: ViewAddress)]) async -> [CheckLine] {
        let asked = addresses.filter { isInside || !Self.isInCluster($0.address.url) }
        var lines: [CheckLine] = []
        if asked.count < addresses.count {
            lines.append(
                CheckLine(
                    .note, "reachability",
                    "\(addresses.count - asked.count) servers are only reached from within the cluster, and this program "
                        + "runs outside of it",
                    advice: "kubectl exec -n tributary-system deploy/tributary -- tributary doctor"))
        }
        let results = await concurrently(asked.prefix(Self.most).map { $0 }) { owner, address in
            await line(owner, address)
        }
        let good = results.count { $0.level == .ok }
        if good > 3 {
            lines.append(CheckLine(.ok, "reachability", "\(good) servers answer"))
            lines += results.filter { $0.level != .ok }
        } else {
            lines += results
        }
        return lines
    }

    private func line(_ owner: String, _ address: ViewAddress) async -> CheckLine {
        let subject = "\(address.role) of \(owner) at \(address.url)"
        do {
            // Any answer will do: without credentials, most are refusals.
            let response = try await client.callPlainly(
                PlainCall("GET", address.url), within: Self.longest, atMost: 1 << 20)
            guard response.status >= 500 else { return CheckLine(.ok, "reachability", "\(subject) answers") }
            return CheckLine(
                .warning, "reachability", "\(subject) answers with HTTP status \(response.status)",
                advice: "see the log of its pods")
        } catch let error as KubeClientError {
            return CheckLine(
                .error, "reachability", "\(subject): \(error.problem)",
                advice: "check its pods, its Service, and NetworkPolicies (docs/network-policies.md)")
        } catch {
            return CheckLine(.error, "reachability", "\(subject): \(error)")
        }
    }

    /// Whether a URL leads to a Service or a pod of the cluster.
    private static func isInCluster(_ url: String) -> Bool {
        guard let scheme = url.firstRange(of: "://") else { return true }
        let host = url[scheme.upperBound...].prefix { !"/:?#".contains($0) }
        let labels = host.split(separator: ".")
        // Addresses are those of pods.
        let isAddress = host.hasPrefix("[") || labels.allSatisfy { $0.allSatisfy(\.isNumber) }
        return isAddress || labels.count < 2 || labels.contains("svc")
    }
}
