import Kube

extension Condition {
    /// The schema of a status's conditions.
    static func listSchema(_ types: String) -> Schema {
        let condition = Schema.object(
            [
                "type": .text("The condition's type.", max: 316),
                "status": .choice("Whether the condition holds.", ["True", "False", "Unknown"]),
                "observedGeneration": .largeCount("The metadata.generation that the condition is about."),
                "lastTransitionTime": .string("When the status last changed.").with { $0.format = "date-time" },
                "reason": .text("Why, as one word in CamelCase that programs can rely on.", max: 1024),
                "message": .string("Why, for people.").with { $0.maxLength = 32768 },
            ], required: ["type", "status", "reason", "message"])
        return .list(of: condition, by: "type", max: 16, types)
    }

    /// What the conditions of all kinds mean; kstatus, and with it `kubectl wait` and Flux, reads them.
    static let usual = """
        Ready is True once everything asked for is there and works; Reconciling is True while it is being brought \
        about; Stalled is True when it cannot be until somebody changes something.
        """
}
