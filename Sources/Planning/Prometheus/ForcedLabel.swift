import Kube
import PrometheusConfig

/// A tenant's label, forced on series whatever labels they have.
struct ForcedLabel: Hashable {
    var label: String
    var id: String

    /// The rule. It has no source labels, so that it applies to every series.
    var rule: RelabelConfig {
        // A dollar sign would refer to a group of the expression.
        RelabelConfig(targetLabel: label, replacement: id.replacing("$", with: "$$"), action: "replace")
    }
}
