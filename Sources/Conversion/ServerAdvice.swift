import Kube

/// Advice for fields of a central `Prometheus` of prometheus-operator that have no counterpart in a GlobalView.
enum ServerAdvice {
    static func advice(for name: String) -> String {
        fields[name] ?? "see the available fields with kubectl explain globalviews.spec.prometheus"
    }

    /// Whether a value has an effect: empty values and false are the same as the default.
    static func says(_ name: String, _ value: JSON) -> Bool {
        switch value {
        case .null, .bool(false), .string(""): false
        case .array(let elements): !elements.isEmpty
        // An empty selector selects everything.
        case .object(let members): !members.isEmpty || name.hasSuffix("Selector")
        case .string("30s") where name == "evaluationInterval": false
        case .int(1) where name == "shards": false
        default: true
        }
    }

    private static let rules =
        "Thanos Rule evaluates what spec.rules of the GlobalView selects, and has no such setting"

    private static let fields = [
        "ruleNamespaceSelector": rules, "rules": rules, "evaluationInterval": rules, "ruleQueryOffset": rules,
        "prometheusRulesExcludedFromEnforce": rules,
        "thanos": "the sidecar uploads blocks: for object storage use spec.thanos of a GlobalView, with receivers",
        "shards": "a central Prometheus has all series in each replica: for more series than fit, use spec.thanos",
        "remoteWrite": "a central Prometheus sends nothing on: have agents write to both",
        "query": "set the limits as arguments in spec.prometheus.additionalArgs",
        "queryLogFile": "write query_log_file with a configuration of your own; Tributary sets none",
        "exemplars": "enable exemplar-storage in spec.prometheus.enableFeatures",
        "enableAdminAPI":
            "add web.enable-admin-api to spec.prometheus.additionalArgs, if only operators reach the port",
        "replicaExternalLabelName":
            "all replicas have the same external labels, so that Alertmanager sees each alert once",
        "prometheusExternalLabelName": "add the label to spec.prometheus.externalLabels",
        "listenLocal": "the gateway and the read proxies have to reach Prometheus: use NetworkPolicies",
        "portName": "the port is called web",
        "routePrefix": "Prometheus serves at /; the gateway and the Ingress have prefixes",
        "serviceName": "the Services are <name>-prometheus and, with replicas, <name>-prometheus-0 and so on",
        "hostNetwork": "pods use the network of the cluster",
        "additionalAlertManagerConfigs": "list the Alertmanagers in spec.prometheus.alerting",
        "additionalAlertRelabelConfigs": "relabel alerts in Alertmanager",
        "disableCompaction": "blocks are compacted: nothing uploads them",
        "reloadStrategy": "Prometheus reloads its configuration itself, or with a sidecar before version 3",
        "paused": "set spec.paused of the GlobalView",
    ]
}
