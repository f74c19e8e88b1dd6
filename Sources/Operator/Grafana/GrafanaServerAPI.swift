import Kube
import KubeClient
import Planning
import PlanningInput

/// Grafana's HTTP API, called as a server administrator. No error text has a credential.
struct GrafanaServerAPI: Sendable {
    /// Where the server is, without a slash at the end.
    var url: String
    var admin: GrafanaAdministrator
    var exchange: @Sendable (PlainCall) async throws -> HTTPResponse

    /// How long an answer may take.
    static let longest = Duration.seconds(15)
    /// How long an answer may be: the users of an organization with thousands of members.
    static let mostBytes = 4 << 20

    /// Calls Grafana, and returns also answers that refuse the call.
    ///
    /// Throws ``GrafanaOutage`` if the server cannot be used at all, and `GrafanaProblem` if it fails on this call alone:
    /// what one tenant asks for must not keep others waiting.
    func send(_ call: GrafanaCall, hiding token: HiddenText? = nil) async throws -> GrafanaAnswer {
        do {
            let answer = try await sendOnce(call, hiding: token)
            guard answer.status >= 500 else { return answer }
            throw GrafanaOutage(nil, "\(call.subject): Grafana answers \(answer.status): \(answer.message)")
        } catch let outage as GrafanaOutage {
            do {
                guard try await sendOnce(GrafanaCall("GET", "/api/orgs?perpage=1")).isSuccess else { throw outage }
            } catch is GrafanaOutage {
                throw outage
            }
            throw GrafanaProblem(nil, "GrafanaRefuses", outage.problem.message)
        }
    }

    private func sendOnce(_ call: GrafanaCall, hiding token: HiddenText? = nil) async throws -> GrafanaAnswer {
        let secrets = [admin.password.value, admin.basic, token?.value].compactMap(\.self)
        let response: HTTPResponse
        do {
            response = try await exchange(
                PlainCall(
                    call.method, url + call.path,
                    user: Redacted((name: admin.user, password: admin.password.value)),
                    headers: call.organization.map { [("X-Grafana-Org-Id", "\($0)")] } ?? [],
                    body: call.body?.encoded()))
        } catch let error as KubeClientError {
            throw GrafanaOutage(nil, "\(call.subject): \(error.problem.withoutSecrets(secrets))")
        }
        let isJSON = response.mediaType == "application/json"
        let body = isJSON ? (try? JSON(parsing: response.body)) ?? .null : .null
        let message = (body["message"]?.string ?? "no message").withoutSecrets(secrets)
        switch response.status {
        case 200..<300:
            guard isJSON, !body.isNull else {
                throw GrafanaOutage(
                    nil,
                    "\(call.subject): found \(isJSON ? "text that is not valid JSON" : response.kind), expected JSON: "
                        + "is spec.grafana.api.url the URL of Grafana?")
            }
        case 300..<400:
            throw GrafanaOutage(
                "spec.grafana.api.url",
                "\(call.subject): found a redirect (\(response.status)), expected JSON: use the URL that Grafana "
                    + "redirects to, with https and the sub-path if it has them")
        case 401 where call.organization == nil:
            throw GrafanaOutage(
                "spec.grafana.api.adminSecretRef", reason: "GrafanaRefusesAdmin",
                "Grafana refuses the user and the password of the Secret (401: \(message)); expected those of a "
                    + "server administrator, with basic authentication switched on")
        case 403 where call.organization == nil:
            throw GrafanaOutage(
                "spec.grafana.api.adminSecretRef", reason: "GrafanaRefusesAdmin",
                "\(call.subject): Grafana refuses (403: \(message)); expected the user of a server administrator")
        case 429, 502, 503, 504:
            throw GrafanaOutage(nil, "\(call.subject): Grafana answers \(response.status)")
        default:
            // Routes that a version of Grafana does not have answer 404, some with a page.
            guard isJSON || response.status == 404 || response.status == 405 else {
                throw GrafanaOutage(
                    nil,
                    "\(call.subject): found \(response.kind) with status \(response.status), expected JSON: is "
                        + "spec.grafana.api.url the URL of Grafana?")
            }
        }
        return GrafanaAnswer(status: response.status, body: body, message: message)
    }
}

/// A server that cannot be used.
struct GrafanaOutage: Error, Hashable {
    /// What is wrong, about the global view.
    var problem: GrafanaProblem

    init(_ field: String?, reason: String = "GrafanaUnavailable", _ message: String) {
        problem = GrafanaProblem(field, reason, message)
    }
}

/// The name and the password of a server administrator.
struct GrafanaAdministrator: Sendable, Hashable {
    var user: String
    var password: HiddenText

    /// The credentials as the header has them.
    fileprivate var basic: String { Base64.encode("\(user):\(password.value)".utf8) }
}

extension HTTPResponse {
    /// What the body is, for messages.
    fileprivate var kind: String {
        switch mediaType {
        case nil: "an answer without a content type"
        case "text/html": "a web page"
        case let type?: "an answer of type \"\(type.prefix(40).filter { $0.isASCII && $0 != "\"" })\""
        }
    }
}

extension String {
    /// This text of another program for messages: one short line without control characters, and without secrets.
    func withoutSecrets(_ secrets: [String]) -> String {
        var text = String(prefix(2000))
        for secret in secrets where !secret.isEmpty { text = text.replacing(secret, with: "<redacted>") }
        // Half a secret at the end of what was cut, or a secret that was echoed in another form.
        text = String(text.prefix(200)).redactingCredentials
        return String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
    }
}
