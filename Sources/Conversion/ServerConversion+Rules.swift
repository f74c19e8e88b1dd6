import Kube
import TributaryAPI

/// What prometheus-operator's `Prometheus` evaluates and reads elsewhere, in the form of a GlobalView.
extension ServerConversion {
    /// Has Thanos Rule, beside the new Prometheus, evaluate the PrometheusRules that the former one evaluated. Its alerts go
    /// where those went.
    static func rules(_ spec: JSON, alertmanagers: JSON?) -> JSON? {
        guard let selector = spec["ruleSelector"] else { return nil }
        var rules: JSON = ["selector": selector]
        rules["namespaceSelector"] = spec["ruleNamespaceSelector"]
        // Prometheus-operator's default is shorter than that of rules here.
        rules["evaluationInterval"] = spec["evaluationInterval"] ?? "30s"
        rules["alertmanagers"] = alertmanagers
        return rules
    }

    /// The endpoints that Prometheus reads at query time. Here each has a name, and by default also answers for what is stored
    /// locally.
    static func remoteReads(_ theirs: [JSON]) -> [JSON] {
        theirs.enumerated().map { index, theirs in
            var ours = theirs
            ours["name"] = theirs["name"] ?? JSON("remote-read-\(index)")
            ours["readRecent"] = theirs["readRecent"] ?? false
            return ours
        }
    }
}
