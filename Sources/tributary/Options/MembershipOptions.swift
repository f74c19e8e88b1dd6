import ArgumentParser
import Hashring
import HashringController

/// The flags of `hashring` that thanos-receive-controller does not have.
struct MembershipOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The number of copies of each series. Defaults to --receive.replication-factor in the receivers' \
            arguments, or 1.
            """, valueName: "n"))
    var replicationFactor: Int?

    @Option(
        help: """
            The algorithm of hashrings that do not name one: hashmod or ketama. Defaults to \
            --receive.hashrings-algorithm in the receivers' arguments.
            """)
    var algorithm: String?

    @Option(help: ArgumentHelp("How long a receiver must be Ready before it joins.", valueName: "duration"))
    var joinAfter = DurationArgument(.zero)

    @Option(
        help: ArgumentHelp(
            """
            How long a member may be missing or unready before it leaves. Defaults to 5m with \
            --allow-dynamic-scaling; without it, members stay.
            """, valueName: "duration"))
    var leaveAfter: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "The minimum number of members of a hashring, in addition to the replication factor.", valueName: "n"))
    var minReplicas = 1

    @Option(
        help: ArgumentHelp(
            "The maximum number of members that join or leave in one step. Defaults to no limit.", valueName: "n"))
    var maxStep: Int?

    @Option(help: ArgumentHelp("The time between two steps.", valueName: "duration"))
    var stepInterval = DurationArgument(.seconds(30))

    @Flag(
        inversion: .prefixedNo, exclusivity: .chooseLast,
        help: "Write only while holding a Lease, so that several replicas can run. Needs permissions for leases.")
    var leaderElect = false

    @OptionGroup var log: LogOptions

    func validate() throws {
        for (name, value) in [
            ("replication-factor", replicationFactor), ("min-replicas", minReplicas), ("max-step", maxStep),
        ] {
            guard let value else { continue }
            guard (1...10_000).contains(value) else {
                throw ValidationError("--\(name) \(value): should be from 1 to 10000")
            }
        }
        if let algorithm, ![Algorithm.hashmod, .ketama].contains(Algorithm(rawValue: algorithm)) {
            throw ValidationError("--algorithm \(algorithm): should be hashmod or ketama")
        }
    }

    /// Sets what the flags mean for the hashring.
    func apply(to options: inout DropInOptions) {
        options.replicationFactor = replicationFactor
        options.algorithm = algorithm.map { Algorithm(rawValue: $0) }
        options.joinAfter = joinAfter.duration
        if let leaveAfter { options.leaveAfter = leaveAfter.duration }
        options.minimumReplicas = minReplicas
        options.maximumStep = maxStep
        options.stepInterval = stepInterval.duration
    }
}
