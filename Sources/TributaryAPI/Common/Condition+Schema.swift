import Kube

extension Condition {
    /// The schema of the conditions in a status: `meta/v1` Condition, a list with the type as its key.
    static func listSchema(_ types: String) -> Schema {
        let condition = Schema.object(
            [
                "type": .text("The type of the condition.", max: 316),
                "status": .choice(
                    "The status of the condition: True, False or Unknown.", ["True", "False", "Unknown"]),
                "observedGeneration": .largeCount("The metadata.generation that the condition is based on."),
                "lastTransitionTime": .string("The time when the status last changed.").with {
                    $0.format = "date-time"
                },
                "reason": .text(
                    "The reason for the status, as one word in CamelCase that programs can rely on.", max: 1024),
                "message": .string("A human-readable message about the status.").with { $0.maxLength = 32768 },
            ], required: ["type", "status", "reason", "message"])
        return .list(of: condition, by: "type", max: 16, types)
    }

    /// The conditions that all kinds have, as kstatus defines them; `kubectl wait` and Flux read these.
    static let usual = """
        The conditions of the object. Ready is True once everything exists and works; Reconciling is \
        True while the operator brings it about; Stalled is True if someone has to change something \
        first.
        """
}
