import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Remote writes of agents")
struct RemoteWriteSpecTests {
    private static let secret = """
        apiVersion: v1
        kind: Secret
        metadata: {name: c}
        stringData: {id: "client ", user: me, password: pass, key: AK, secret: SK}
        """

    private func plan(_ writes: String, version: String = "v3.5.0", _ more: String = "") throws -> Plan {
        try Scene(
            Self.secret,
            """
            apiVersion: tributary.dev/v1alpha1
            kind: PrometheusAgent
            metadata: {name: cluster, generation: 1}
            spec:
              version: \(version)
              remoteWrite: [\(writes)]
            \(more)
            """
        ).plan(agent: "cluster")
    }

    private let plain = "{name: plain, url: 'https://a.example.org'}"
    private let oauth2 = """
        oauth2: {clientId: {secret: {name: c, key: id}}, clientSecret: {name: c, key: password},
        tokenUrl: 'https://t.example.org', scopes: [a]}
        """

    @Test func `Remote writes get credentials as files where Prometheus reads files, and as values otherwise`() throws {
        let plan = try plan(
            """
            {name: a, url: 'https://a.example.org', \(oauth2)},
            {name: b, url: 'https://b.example.org', sigv4: {region: eu, accessKey: {name: c, key: key},
             secretKey: {name: c, key: secret}, roleArn: r}},
            {name: c, url: 'https://c.example.org', azureAd: {oauth: {tenantId: t,
             clientId: 00000000-0000-0000-0000-000000000000, clientSecret: {name: c, key: secret}}}},
            {name: d, url: 'https://d.example.org', authorization: {credentials: {name: c, key: key}},
             proxyUrl: 'http://p.example.org', proxyConnectHeader: {X-A: [{name: c, key: user}]}}
            """)
        #expect(plan.messages == [])
        let writes = try AgentPlannerTests.configuration(plan)["remote_write"]?.array ?? []
        #expect(
            writes[0]["oauth2"] == [
                "client_id": "client", "client_secret_file": "/etc/prometheus/secrets/c/password",
                "token_url": "https://t.example.org", "scopes": ["a"],
            ])
        #expect(writes[1]["sigv4"] == ["region": "eu", "access_key": "AK", "secret_key": "SK", "role_arn": "r"])
        #expect(writes[2]["azuread", "oauth", "client_secret"] == "SK")
        #expect(
            writes[3]["authorization"] == ["type": "Bearer", "credentials_file": "/etc/prometheus/secrets/c/key"])
        #expect(writes[3]["proxy_connect_header"] == ["X-A": ["me"]])
    }

    @Test func `Remote writes contain the user name if Prometheus cannot read it from a file`() throws {
        let basic =
            "{url: 'https://a.example.org', basicAuth: {username: {name: c, key: user}, password: {name: c, key: password}}}"
        func auth(_ version: String) throws -> JSON? {
            try AgentPlannerTests.configuration(try plan(basic, version: version))["remote_write"]?[0]?["basic_auth"]
        }
        let file: JSON = "/etc/prometheus/secrets/c/password"
        #expect(try auth("v2.45.0") == ["username": "me", "password_file": file])
        #expect(
            try auth("v2.49.0") == ["username_file": "/etc/prometheus/secrets/c/user", "password_file": file])
    }

    @Test func `A remote write that would lack its credentials is left out alone`() throws {
        for (bad, version, message) in [
            (
                "azureAd: {workloadIdentity: {clientId: \(uuid), tenantId: \(uuid)}}", "v3.6.0",
                "needs Prometheus v3.7.0"
            ),
            ("azureAd: {sdk: {}}", "v2.51.0", "needs Prometheus v2.52.0"),
            ("azureAd: {managedIdentity: {}}", "v3.4.0", "is required before Prometheus v3.5.0"),
            (
                "sigv4: {accessKey: {name: c, key: none}, secretKey: {name: c, key: secret}}", "v3.5.0",
                "Secret observability/c has no key \"none\"; it has: id, key, password, secret, user"
            ),
            (
                oauth2.replacing("secret: {name: c, key: id}", with: "secret: {name: none, key: id}"), "v3.5.0",
                "there is no Secret"
            ),
        ] {
            let plan = try plan("{name: bad, url: 'https://b.example.org', \(bad)}, \(plain)", version: version)
            let writes = try AgentPlannerTests.configuration(plan)["remote_write"]?.array ?? []
            #expect(writes.map { $0["name"] } == ["plain"])
            #expect(plan.diagnostics.map(\.reason) == ["RemoteWriteRejected"])
            #expect(plan.messages.first?.contains(message) == true, "\(plan.messages)")
            let names = ["remote write \"bad\"", "spec.remoteWrite[0]."]
            #expect(names.contains { plan.messages.first?.contains($0) == true }, "\(plan.messages)")
        }
    }

    private let uuid = "00000000-0000-0000-0000-000000000000"

    @Test func `An agent without any valid remote write has no configuration`() throws {
        let plan = try plan("{url: 'https://b.example.org', azureAd: {sdk: {}}}", version: "v2.51.0")
        #expect(plan.keepsExisting)
        #expect(try plan.readiness(of: "cluster") == "False ConfigurationInvalid")
    }

    @Test func `An OTLP field that the version does not support does not fail the plan`() throws {
        let plan = try plan(
            plain, version: "v2.54.0",
            "  otlp: {promoteResourceAttributes: [a]}\n  tsdb: {outOfOrderTimeWindow: 1h, chunkEncoding: {floats: Xor2}}"
        )
        let file = try AgentPlannerTests.configuration(plan)
        #expect(file["otlp"] == nil)
        #expect(file["storage"] == ["tsdb": ["out_of_order_time_window": "1h"]])
        #expect(plan.diagnostics.map(\.reason) == ["FieldNotSupported", "FieldNotSupported"])
    }
}
