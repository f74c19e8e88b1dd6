import Kube

/// Advice for prometheus-operator's fields that have no counterpart in Tributary.
enum ConversionAdvice {
    /// The advice for a field.
    static func advice(for path: FieldPath) -> String {
        var names = path.steps.compactMap { step -> String? in
            if case .key(let name) = step { name } else { nil }
        }
        if names.first == "spec" { names.removeFirst() }
        while !names.isEmpty {
            if let advice = fields[names.joined(separator: ".")] { return advice }
            names.removeLast()
        }
        return "see the available fields with kubectl explain prometheusagents.tributary.dev.spec"
    }

    /// Whether a value has an effect: empty values and false are the same as the default.
    static func says(_ value: JSON, at path: FieldPath) -> Bool {
        switch path.description {
        case "spec.hostUsers": value == false
        // An empty selector selects everything.
        case "spec.ruleSelector": true
        case "spec.shardingStrategy": value != ["mode": "Classic"] && asks(value)
        default: asks(value)
        }
    }

    private static func asks(_ value: JSON) -> Bool {
        switch value {
        case .null, .bool(false), .string(""): false
        case .array(let elements): !elements.isEmpty
        case .object(let members): members.values.contains(where: asks)
        default: true
        }
    }

    private static let rules =
        "agents do not evaluate rules: load them where series are queried, in the central Prometheus or Thanos Rule"
    private static let keepsNothing =
        "agents do not store series for queries: set it centrally, such as in spec.prometheus.retention of a GlobalView"
    private static let answersNothing = "agents do not answer queries: set it where series are queried"

    private static let fields = [
        // Fields of servers.
        "retention": keepsNothing,
        "retentionSize": keepsNothing,
        "disableCompaction": keepsNothing,
        "allowOverlappingBlocks": keepsNothing,
        "shardRetentionPolicy": "a shard that is removed first sends its samples, for up to spec.drainTimeout",
        "rules": rules,
        "ruleSelector": rules,
        "ruleNamespaceSelector": rules,
        "ruleQueryOffset": rules,
        "evaluationInterval": rules,
        "prometheusRulesExcludedFromEnforce": rules,
        "alerting": rules,
        "additionalAlertRelabelConfigs": rules,
        "additionalAlertManagerConfigs": rules,
        "query": answersNothing,
        "queryLogFile": answersNothing,
        "remoteRead": answersNothing,
        "exemplars": "agents do not store exemplars: send them with sendExemplars of a remoteWrite entry",
        "thanos": "the sidecar uploads blocks, and agents have none: send to Thanos Receive with remoteWrite",
        "enableAdminAPI": "the API is for stored series, and agents store none",
        // Fields of servers and agents.
        "apiserverConfig.bearerToken": "put the token into a Secret and refer to it in authorization.credentials",
        "shardingStrategy":
            "targets are distributed by their hash: for one shard per zone, create an agent for each zone",
        "reloadStrategy": "Prometheus reloads its configuration itself, or with a sidecar before version 3",
        "serviceName": "the pods' Service is named after the agent: NAME-agent",
        "schedulerName": "the cluster's default scheduler places the pods: use spec.affinity or spec.nodeSelector",
        "hostUsers": "pods run in the host's user namespace, as user 65534 without privileges",
        "podMetadata.name": "pods are named after the agent",
        "resources.claims": "pods cannot claim devices",
        "topologySpreadConstraints.additionalLabelSelectors": "put the labels of the agent's pods into labelSelector",
        "web.tlsConfig.certFile": "set cert to the Secret or ConfigMap with the certificate",
        "web.tlsConfig.keyFile": "set keySecret to the Secret with the key",
        "web.tlsConfig.clientCAFile": "set client_ca to the Secret or ConfigMap with the CA certificates",
    ]
}
