import Kube

/// What to do about prometheus-operator's fields that have no counterpart in ours.
enum ConversionAdvice {
    /// What to do about a field.
    static func advice(for path: FieldPath) -> String {
        var names = path.steps.compactMap { step -> String? in
            if case .key(let name) = step { name } else { nil }
        }
        if names.first == "spec" { names.removeFirst() }
        while !names.isEmpty {
            if let advice = fields[names.joined(separator: ".")] { return advice }
            names.removeLast()
        }
        return "kubectl explain prometheusagents.tributary.dev.spec says what there is"
    }

    /// Whether a value asks for something: what is empty or false is what holds without it.
    static func says(_ value: JSON, at path: FieldPath) -> Bool {
        switch path.description {
        case "spec.hostUsers": value == false
        // An empty selector selects all.
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
        "an agent evaluates no rules: load them where series are queried, in the central Prometheus or Thanos Rule"
    private static let keepsNothing =
        "an agent keeps nothing to be queried: the central side does, such as a GlobalView's spec.prometheus.retention"
    private static let answersNothing = "an agent answers no queries: set it where series are queried"

    private static let fields = [
        // Of a server.
        "retention": keepsNothing,
        "retentionSize": keepsNothing,
        "disableCompaction": keepsNothing,
        "allowOverlappingBlocks": keepsNothing,
        "shardRetentionPolicy": "a shard that is taken away sends what it has first, for up to spec.drainTimeout",
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
        "exemplars": "an agent stores none: sendExemplars of a remoteWrite entry sends them on",
        "thanos": "the side-car uploads blocks, and an agent has none: send to Thanos Receive by remoteWrite",
        "enableAdminAPI": "it is about stored series, and an agent stores none",
        // Of both.
        "apiserverConfig.bearerToken": "put it into a Secret and name that in authorization.credentials",
        "shardingStrategy": "targets are spread by their hash: for one shard per zone, make an agent for each zone",
        "reloadStrategy": "Prometheus follows its configuration by itself, or by a side-car before version 3",
        "serviceName": "the pods' Service is named after the agent: NAME-agent",
        "schedulerName": "the cluster's default scheduler places the pods: spec.affinity or spec.nodeSelector may do",
        "hostUsers": "pods run in the host's user namespace, as user 65534 without privileges",
        "podMetadata.name": "pods are named after the agent",
        "resources.claims": "pods claim no devices",
        "topologySpreadConstraints.additionalLabelSelectors": "name the labels of the agent's pods in labelSelector",
        "web.tlsConfig.certFile": "name the Secret or ConfigMap with the certificate in cert",
        "web.tlsConfig.keyFile": "name the Secret with the key in keySecret",
        "web.tlsConfig.clientCAFile": "name the Secret or ConfigMap with the authorities in client_ca",
    ]
}
