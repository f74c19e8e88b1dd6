import Kube

/// Where a central Prometheus sends alerts.
public struct AlertingSpec: Sendable, Hashable, Codable {
    /// The Alertmanagers, each of which gets every alert.
    public var alertmanagers: [AlertmanagerSpec]

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        for (index, alertmanager) in alertmanagers.enumerated() {
            alertmanager.checkRules(at: path.appending("alertmanagers").appending(index), &errors)
        }
    }

    static let schema = Schema.object(
        [
            "alertmanagers": .list(
                of: AlertmanagerSpec.schema, by: "name", max: 16,
                "The Alertmanagers. Every Alertmanager of every entry gets every alert.")
        ], required: ["alertmanagers"],
        description: """
            Where Prometheus sends alerts. All replicas send the same alerts, which Alertmanager takes as one.
            """)
}
