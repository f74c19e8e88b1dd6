import PlanningInput

/// Where the pods of Compactors answer.
public enum CompactorEndpoint {
    /// The URL of the metrics at a pod's address; nil if the address is invalid.
    public static func metrics(at address: String) -> String? {
        PodURL.make(address, port: ThanosNames.httpPort, path: "/metrics")
    }
}
