import ArgumentParser
import Hashring

/// The flags of receivers that decide how they read a hashring file.
struct ReceiverOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The receivers' --receive.replication-factor.", valueName: "n"))
    var replicationFactor = 1

    @Option(help: "The receivers' --receive.hashrings-algorithm.")
    var algorithm: DefaultAlgorithm = .hashmod

    enum DefaultAlgorithm: String, ExpressibleByArgument, CaseIterable {
        case hashmod, ketama

        var algorithm: Algorithm { self == .ketama ? .ketama : .hashmod }
    }

    func validate() throws {
        guard replicationFactor > 0 else {
            throw ValidationError("--replication-factor: found \(replicationFactor), expected 1 or more")
        }
    }
}
