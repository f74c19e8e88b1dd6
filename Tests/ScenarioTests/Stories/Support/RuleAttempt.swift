import Kube

/// Attempts of a tenant's rules to see the series of tenant `b`, or to pass for `b`.
enum RuleAttempt {
    /// Expressions that find something of `b` where nothing keeps them from it.
    static let expressions = [
        "secret_of_b", "shared", "shared{tenant=\"b\"}", "shared{tenant=~\"b\"}", "shared{tenant=~\"a|b\"}",
        "{tenant=~\".+\"}",
        "{__name__=~\"shared|secret_of_.\"}", "{note=~\"only-.\"}", "shared{tenant!=\"a\"}", "shared{tenant!~\"a\"}",
        "shared{tenant=\"b\",tenant=~\"b\"}", "{tenant=\"b\"}", "shared or secret_of_b",
        "shared{tenant=\"a\"} or shared{tenant=\"b\"}", "vector(1) or on() secret_of_b",
        "max_over_time(secret_of_b[5m:1s])",
        "last_over_time({tenant=\"b\",note!=\"\"}[5m])", "count by (note, tenant) ({__name__=~\"shared|secret_of_.\"})",
        "secret_of_b offset 1s", "secret_of_b @ end()", "label_replace(shared, \"copy\", \"$1\", \"tenant\", \"(.*)\")",
        "label_replace(shared{tenant=\"b\"}, \"tenant\", \"a\", \"\", \"\")",
        "label_join(shared, \"x\", \"-\", \"note\", \"tenant\")",
        "shared * on () group_left () secret_of_b", "topk(10, shared)", "sum by (note) (shared)", "(((shared)))",
        "shared # {tenant=\"a\"}", "count_values(\"x\", secret_of_b)", "sort(shared)", "-shared{tenant=\"b\"}",
        "shared unless vector(1)",
        "max without (tenant) (shared{tenant=\"b\"})", "avg_over_time(shared{tenant=\"b\"}[1m])",
    ]

    /// A PrometheusRule in the namespace of a team that makes all attempts. `id` is the tenant that evaluates it.
    static func rule(_ namespace: String, by id: String) -> Object {
        let records = expressions.enumerated().map { index, expression -> JSON in
            [
                "record": JSON("attempt_\(id)_\(index)"), "expr": JSON(expression),
                "labels": index % 2 == 0 ? ["tenant": "b", "tenant_id": "b"] : [:],
            ]
        }
        let template = "{{ range query \"shared or secret_of_b\" }}[{{ .Labels.tenant }} {{ .Labels.note }}]{{ end }}"
        let alert: JSON = [
            "alert": JSON("Pretender_\(id)"),
            "expr": "label_replace(vector(1), \"tenant\", \"b\", \"\", \"\")",
            "labels": ["tenant": "b", "tenant_id": "b", "found": JSON(template)],
            "annotations": ["found": JSON(template), "external": "{{ $externalLabels.tenant }}"],
        ]
        let spec: JSON = [
            "groups": [
                ["name": "attempts", "labels": ["tenant": "b"], "rules": .array(records)],
                ["name": "alerts", "labels": ["tenant": "b"], "rules": [alert]],
            ]
        ]
        return Object([
            "apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule",
            "metadata": ["name": "attempts", "namespace": JSON(namespace)], "spec": spec,
        ])
    }
}
