/// The types of values in the query language.
enum QueryType: String {
    case scalar, string
    case vector = "instant vector"
    case matrix = "range vector"
}

/// A function of the query language: the types of its arguments and its result.
struct QueryFunction {
    var arguments: [QueryType]
    /// How many arguments may follow all but the last of ``arguments``; 0 for exactly those, nil for any number.
    var variadic: Int? = 0
    var result = QueryType.vector

    /// The function of a name in a version of Prometheus; nil if it has none, or only behind a feature flag.
    static func named(_ name: String, _ version: PrometheusVersion) -> QueryFunction? {
        if let since = since[name], version < since { return nil }
        if name == "holt_winters" {
            return version.major < 3 ? QueryFunction(arguments: [.matrix, .scalar, .scalar]) : nil
        }
        return all[name]
    }

    /// The names of all functions, for suggestions.
    static var names: [String] { all.keys.sorted() }

    private static let since: [String: PrometheusVersion] = [
        "histogram_avg": PrometheusVersion(2, 51), "histogram_stddev": PrometheusVersion(2, 47),
        "histogram_stdvar": PrometheusVersion(2, 47),
    ]

    private static let all: [String: QueryFunction] = {
        var all: [String: QueryFunction] = [:]
        func add(_ names: String, _ arguments: [QueryType], variadic: Int? = 0, result: QueryType = .vector) {
            for name in names.split(separator: " ") {
                all[String(name)] = QueryFunction(arguments: arguments, variadic: variadic, result: result)
            }
        }
        add(
            """
            abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count \
            histogram_sum histogram_stddev histogram_stdvar ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan \
            tanh timestamp
            """, [.vector])
        add(
            """
            absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time \
            max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time
            """, [.matrix])
        add("days_in_month day_of_month day_of_week day_of_year hour minute month year", [.vector], variadic: 1)
        add("clamp", [.vector, .scalar, .scalar])
        add("clamp_max clamp_min", [.vector, .scalar])
        add("histogram_fraction", [.scalar, .scalar, .vector])
        add("histogram_quantile", [.scalar, .vector])
        add("label_replace", [.vector, .string, .string, .string, .string])
        add("label_join", [.vector, .string, .string, .string], variadic: nil)
        add("pi time", [], result: .scalar)
        add("predict_linear", [.matrix, .scalar])
        add("quantile_over_time", [.scalar, .matrix])
        add("round", [.vector, .scalar], variadic: 1)
        add("scalar", [.vector], result: .scalar)
        add("vector", [.scalar])
        return all
    }()
}

/// The operators that aggregate.
enum QueryAggregation {
    /// The type of the first argument of those that have two.
    static let parameters: [String: QueryType] = [
        "topk": .scalar, "bottomk": .scalar, "quantile": .scalar, "count_values": .string,
    ]
    static let names: Set<String> = [
        "sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk", "count_values", "quantile",
    ]
    /// Those that need a feature flag.
    static let experimental: Set<String> = ["limitk", "limit_ratio"]
}
