import Kube

/// An attempt to read the series of tenant `b`.
struct ReadAttempt: Sendable {
    /// The arguments for curl. The first one is the path.
    var arguments: [String]

    func make(at url: String) async throws -> CurlResponse {
        try await curl(["-g", "--path-as-is", "\(url)\(arguments[0])"] + arguments.dropFirst())
    }

    /// The attempt where another label than `tenant` has the id.
    func labelled(_ label: String) -> ReadAttempt {
        ReadAttempt(arguments: arguments.map { $0.replacing("tenant", with: label) })
    }

    static let all: [ReadAttempt] =
        queries.flatMap { query in
            let parameter = ["--data-urlencode", "query=\(query)"]
            let range = ["-d", "start=\(now - 60)", "-d", "end=\(now)", "-d", "step=5"]
            return [
                ReadAttempt(arguments: ["/api/v1/query"] + parameter),
                ReadAttempt(arguments: ["/api/v1/query", "-G"] + parameter),
                ReadAttempt(arguments: ["/api/v1/query_range"] + parameter + range),
            ]
        } + others
}

private let now = Int(Timestamp.now.seconds) + 30

private let queries = [
    "secret_of_b", "shared", "shared{tenant=\"b\"}", "shared{tenant=~\"b\"}", "shared{tenant=~\"a|b\"}",
    "{tenant=~\".+\"}", "{__name__=~\".+\"}", "{note=~\"only-.\"}", "shared{tenant!=\"a\"}", "shared{tenant!~\"a\"}",
    "shared{tenant=\"a\",tenant=\"b\"}", "shared{tenant=\"b\",tenant=~\"b\"}", "{tenant=\"b\"}",
    "shared or secret_of_b", "shared{tenant=\"a\"} or shared{tenant=\"b\"}", "vector(1) or on() secret_of_b",
    "secret_of_b[5m]", "max_over_time(secret_of_b[5m:1s])", "last_over_time({tenant=\"b\"}[5m])",
    "count by (note, tenant) ({__name__=~\".+\"})", "secret_of_b offset 1s", "secret_of_b @ end()",
    "label_replace(shared{tenant=\"b\"}, \"tenant\", \"a\", \"\", \"\")",
    "label_join(shared, \"x\", \"-\", \"note\", \"tenant\")",
    "shared * on () group_left (note) secret_of_b", "secret_of_b and on () shared", "topk(10, shared)",
    "sum by (note) (shared)", "absent(secret_of_b)", "(((shared)))", "shared # {tenant=\"a\"}", "{\"secret_of_b\"}",
    "{\"shared\", \"tenant\"=\"b\"}", "info(shared)", "count_values(\"x\", secret_of_b)", "sort(shared)",
]

private let others: [ReadAttempt] = [
    ["/api/v1/series", "-G", "--data-urlencode", "match[]=secret_of_b"],
    ["/api/v1/series", "--data-urlencode", "match[]={tenant=\"b\"}"],
    ["/api/v1/series", "--data-urlencode", "match[]=shared", "--data-urlencode", "match[]=secret_of_b"],
    ["/api/v1/series", "-G", "--data-urlencode", "match[]={__name__=~\".+\"}"],
    ["/api/v1/labels"],
    ["/api/v1/labels", "-d", "match[]={tenant=\"b\"}"],
    ["/api/v1/label/note/values"],
    ["/api/v1/label/tenant/values"],
    ["/api/v1/label/note/values?match[]={tenant=\"b\"}"],
    ["/api/v1/label/__name__/values"],
    ["/api/v1/label/__name__/values?match[]=secret_of_b"],
    ["/federate?match[]={__name__=~\".%2b\"}"],
    ["/federate?match[]={tenant=\"b\"}"],
    ["/federate?match[]=shared&match[]=secret_of_b"],
    ["/api/v1/query_exemplars?query=secret_of_b&start=\(now - 60)&end=\(now)"],
    ["/api/v1/rules"], ["/api/v1/alerts"], ["/api/v1/metadata"], ["/api/v1/targets"], ["/api/v1/targets/metadata"],
    ["/api/v1/status/tsdb"], ["/api/v1/status/config"], ["/api/v1/read"], ["/api/v1/format_query?query=secret_of_b"],
    ["/graph"], ["/metrics"], ["/api/v1/admin/tsdb/snapshot", "-X", "POST"],
    ["/api/v1/write", "-d", "x"],
    // Other ways to name a tenant.
    ["/api/v1/query?query=secret_of_b&tenant=b"],
    ["/api/v1/query?query=shared", "-H", "tenant: b", "-H", "X-Scope-OrgID: b", "-H", "THANOS-TENANT: b"],
    // Two queries: in the URL and in the body, in both orders.
    ["/api/v1/query?query=up&query=secret_of_b"],
    ["/api/v1/query?query=secret_of_b&query=up"],
    ["/api/v1/query?query=secret_of_b", "-d", "query=up"],
    ["/api/v1/query?query=up", "-d", "query=secret_of_b"],
    ["/api/v1/query", "-d", "query=up", "-d", "query=secret_of_b"],
    ["/api/v1/query?x=1;query=secret_of_b", "-d", "query=up"],
    ["/api/v1/series?match[]=secret_of_b", "-d", "match[]=up"],
    // Other kinds of bodies and methods.
    ["/api/v1/query", "-F", "query=secret_of_b"],
    ["/api/v1/query?query=up", "-F", "query=secret_of_b"],
    ["/api/v1/query", "-H", "Content-Type: text/plain", "-d", "query=secret_of_b"],
    ["/api/v1/query?query=secret_of_b", "-H", "Content-Type: text/plain", "-d", "query=up"],
    ["/api/v1/query?query=up", "-X", "GET", "-d", "query=secret_of_b"],
    ["/api/v1/query?query=secret_of_b", "-X", "PUT"],
    ["/api/v1/query?query=secret_of_b", "-X", "PATCH", "-d", "query=secret_of_b"],
    ["/api/v1/query?query=secret_of_b", "-H", "X-HTTP-Method-Override: GET", "-X", "DELETE"],
    // Other spellings of paths.
    ["//api/v1/query?query=secret_of_b"],
    ["/api/v1/query/?query=secret_of_b"],
    ["/api/v1/%71uery?query=secret_of_b"],
    ["/api/v1/../v1/query?query=secret_of_b"],
    ["/healthz/../api/v1/query?query=secret_of_b"],
    ["/api/v1/label/../query?query=secret_of_b"],
    ["/api/v1/label/x%2f..%2f..%2fquery%3fquery=secret_of_b/values"],
    ["/api/v1/label/..%2fseries%3fmatch[]=secret_of_b%23/values"],
    ["/api/v1/query?query=secret_of_b", "-H", "Host: main-prometheus.observability.svc:9090"],
    ["/api/v1/query?query=shared&match[]={tenant=\"b\"}"],
].map { ReadAttempt(arguments: $0) }

extension CurlResponse {
    /// Whether it has data of tenant `b`. A refusal may repeat the names of the request.
    var reveals: Bool {
        body.contains("only-b") || body.contains("\"tenant\":\"b\"") || body.contains("\"tenant_id\":\"b\"")
            || code == 200 && (body.contains("secret_of_b") || json["data"]?.array?.contains("b") == true)
    }
}
