import Kube
import TestSupport
import YAML

/// The PromQL expressions in `manifests/monitoring`, and the metrics in them.
enum MonitoringExpressions {
    /// The rules of the PrometheusRule, in its order.
    static func rules() throws -> [JSON] { try groups().flatMap { $0["rules"]?.array ?? [] } }

    static func groups() throws -> [JSON] {
        let rule = try YAML.parseOne(try Checkout.read("manifests/monitoring/prometheus-rule.yaml"))
        return rule.value["spec", "groups"]?.array ?? []
    }

    /// The dashboard's JSON.
    static func dashboard() throws -> JSON {
        let object = try YAML.parseOne(try Checkout.read("manifests/monitoring/dashboard.yaml")).value
        return try JSON(parsing: object["data", "tributary.json"]?.string ?? "")
    }

    /// The dashboard's expressions, with values for its variables, as Grafana fills them in.
    static func ofDashboard() throws -> [String] {
        (try dashboard()["panels"]?.array ?? []).flatMap { $0["targets"]?.array ?? [] }.compactMap { target in
            target["expr"]?.string.map { expression in
                [("$__rate_interval", "5m"), ("$namespace", ".*"), ("$globalview", ".*")].reduce(expression) {
                    replace($1.0, in: $0, with: $1.1)
                }
            }
        }
    }

    private static func replace(_ part: String, in text: String, with other: String) -> String {
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: part) {
            result += rest[..<range.lowerBound] + other
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    private static let words: Set<String> = ["and", "or", "unless", "by", "on", "without", "ignoring", "bool"]

    /// The names of the metrics that an expression reads.
    static func metrics(in expression: String) -> Set<String> {
        var names: Set<String> = []
        var rest = expression[...]
        var depthOfLabels = 0
        var namesLabels = false
        while let character = rest.first {
            switch character {
            case "\"":
                rest = rest.dropFirst().drop { $0 != "\"" }.dropFirst()
                continue
            case "{", "[": depthOfLabels += 1
            case "}", "]": depthOfLabels -= 1
            case "(" where namesLabels:
                rest = rest.drop { $0 != ")" }
                namesLabels = false
            default: break
            }
            guard character.isLetter || character == "_" else {
                rest = rest.dropFirst()
                continue
            }
            let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
            rest = rest.dropFirst(word.count)
            let next = rest.first { $0 != " " }
            if words.contains(String(word)) {
                namesLabels = ["by", "on", "without", "ignoring"].contains(String(word))
            } else if depthOfLabels == 0, next != "(", !aggregates(rest) {
                names.insert(String(word))
            }
        }
        return names
    }

    /// Whether the text goes on with the grouping of an aggregation, as in `sum by (le)`.
    private static func aggregates(_ rest: Substring) -> Bool {
        let next = rest.drop { $0 == " " }
        return next.hasPrefix("by ") || next.hasPrefix("by(") || next.hasPrefix("without")
    }

    /// The family of a metric: that of a bucket is the histogram.
    static func family(_ metric: String) -> String {
        for suffix in ["_bucket", "_sum", "_count"] where metric.hasSuffix(suffix) {
            return String(metric.dropLast(suffix.count))
        }
        return metric
    }
}
