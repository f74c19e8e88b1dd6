import ArgumentParser
import KubeRuntime

/// How long the Lease of a leader lasts, and how often it is renewed.
struct ElectionOptions: ParsableArguments {
    private static let usual = ElectorTiming()

    @Option(
        help: ArgumentHelp(
            "How long the Lease lasts once its holder has vanished, in whole seconds.", valueName: "duration"))
    var leaderElectionLeaseDuration = DurationArgument(ElectionOptions.usual.lease)

    @Option(
        help: ArgumentHelp(
            "How long the leader tries to renew the Lease before it ends, to be started again.", valueName: "duration"))
    var leaderElectionRenewDeadline = DurationArgument(ElectionOptions.usual.renewDeadline)

    @Option(help: ArgumentHelp("The time between two tries to get or renew the Lease.", valueName: "duration"))
    var leaderElectionRetryPeriod = DurationArgument(ElectionOptions.usual.retry)

    /// The numbers; the usual ones if these do not go together, which ``validate()`` refuses.
    var timing: ElectorTiming { given ?? Self.usual }

    private var given: ElectorTiming? {
        ElectorTiming(
            lease: leaderElectionLeaseDuration.duration, renewDeadline: leaderElectionRenewDeadline.duration,
            retry: leaderElectionRetryPeriod.duration)
    }

    func validate() throws {
        guard leaderElectionLeaseDuration.duration.components.attoseconds == 0 else {
            throw ValidationError("--leader-election-lease-duration: should be in whole seconds, as the Lease has it")
        }
        guard given != nil else {
            throw ValidationError(
                """
                --leader-election-lease-duration \(leaderElectionLeaseDuration): should be longer than \
                --leader-election-renew-deadline \(leaderElectionRenewDeadline), and that longer than 1.2 times \
                --leader-election-retry-period \(leaderElectionRetryPeriod)
                """)
        }
    }
}
