import Kube

extension LabelSelector {
    /// The schema of a label selector, as core kinds have it.
    static func schema(_ description: String) -> Schema {
        let requirement = Schema.object(
            [
                "key": .text("The label's key.", max: 317),
                "operator": .choice("How the label is compared.", ["In", "NotIn", "Exists", "DoesNotExist"]),
                "values": .set(
                    of: .string().with { $0.maxLength = 63 }, max: 100,
                    "The values for In and NotIn; none for Exists and DoesNotExist."),
            ], required: ["key", "operator"])
        return .object(
            [
                "matchLabels": .strings("Labels and the values that they must have.", length: 63),
                "matchExpressions": .list(of: requirement, max: 32, "Requirements, all of which must be met."),
            ], description: description
        ).with { $0.mapType = .atomic }
    }
}
