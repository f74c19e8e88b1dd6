import PlanningInput
import TributaryAPI

/// The fields of a view with Thanos that need a flag which older versions do not take. Such a flag is left out, and the one
/// who asked for it is told.
struct AskedFlag {
    var component: ThanosComponent
    /// The flag, without its dashes.
    var flag: String
    /// The field that asks for it.
    var field: String
    /// Whether a specification asks for it.
    var isAsked: @Sendable (ThanosSpec) -> Bool
    /// What happens without it: `receivers forward by protobuf`.
    var without: String

    static let all: [AskedFlag] = [
        AskedFlag(
            component: .receive, flag: "receive.replication-protocol", field: "replicationProtocol",
            isAsked: { $0.effectiveReplicationProtocol == "capnproto" },
            without: "receivers and routers forward by protobuf")
    ]
}

extension ThanosRelease {
    /// The warnings about the flags that a view asks for and its version does not take.
    func findings(about: PlanKey, _ spec: ThanosSpec) -> [Diagnostic] {
        AskedFlag.all.filter { $0.isAsked(spec) && !takes($0.component, $0.flag) }.map { asked in
            let span = ThanosFlags.span(asked.component, asked.flag)
            let right =
                span.since.map { "\($0) and later have it" } ?? span.until.map { "versions before \($0) have it" }
            return .warning(
                about, "spec.thanos.\(asked.field)", "FlagNotInVersion",
                "Thanos \(version.map(String.init(describing:)) ?? "") has no --\(asked.flag), so \(asked.without); "
                    + "\(right ?? "")")
        }
    }
}
