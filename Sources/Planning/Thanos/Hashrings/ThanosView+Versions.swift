import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// What the view's version of Thanos does not read of a hashring file.
extension ThanosView {
    /// The version that decides which keys receivers read; nil if it cannot be read, which counts as the newest.
    private var receiverVersion: ReceiverVersion? { release.version.map { ReceiverVersion($0.major, $0.minor) } }

    private func problem(_ feature: ReceiverVersion.Feature) -> String? { receiverVersion?.problem(feature) }

    /// Why receivers could not load a hashring, so that it stays as it is; nil if they can.
    func versionProblem(_ hashring: HashringSpec, at field: String) -> Diagnostic? {
        guard hashring.membership?.zone != nil, let problem = problem(.endpointObjects) else { return nil }
        return .error(
            about, "\(field).membership.zone", Self.notInVersion,
            "hashring \"\(hashring.name)\" stays as it is: with zones, its endpoints are objects, and \(problem); remove "
                + "zone, or set spec.thanos.version")
    }

    /// What receivers ignore of a hashring; nil if they read all of it.
    func versionWarning(_ hashring: HashringSpec, at field: String) -> Diagnostic? {
        guard hashring.shuffleSharding != nil, let problem = problem(.shuffleSharding) else { return nil }
        return .warning(about, "\(field).shuffleSharding", Self.notInVersion, problem)
    }

    /// Why receivers would not serve a tenant; nil if they would.
    func versionRefusal(of tenant: Tenant, _ about: PlanKey) -> Diagnostic? {
        guard tenant.isGlob, let problem = problem(.tenantMatcher) else { return nil }
        return .error(
            about, "spec.matcher", Self.notInVersion,
            "\(problem); name the ids one by one, or set spec.thanos.version of GlobalView \"\(resource.metadata.name)\""
        )
    }

    /// What receivers ignore of a tenant; nil if they read all of it.
    func versionWarning(_ tenant: Tenant, _ about: PlanKey) -> Diagnostic? {
        guard tenant.spec.externalLabels?.isEmpty == false, let problem = problem(.externalLabels) else { return nil }
        return .warning(about, "spec.externalLabels", Self.notInVersion, problem)
    }

    private static let notInVersion = "NotInVersion"
}
