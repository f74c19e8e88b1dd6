import Kube
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Credentials and scrape classes of monitors")
struct MonitorCredentialTests {
    static let service = MonitorFixture.serviceMonitor
    static let token = "authorization: {credentials: {name: s, key: token}}"

    @Test
    func `A monitor refers to Secrets in its own namespace, and a scrape class to those in the namespace of the agent`()
        throws
    {
        let fixture = Self.service
            .with("basicAuth: {username: {name: s, key: user}, password: {name: s, key: password}}")
            .scrapeClass("tlsConfig: {ca: {secret: {name: s, key: ca}}}")
        let credentials = try fixture.made().credentials
        #expect(
            credentials.files.map(\.fileName).sorted() == [
                "secret_mon_s_ca", "secret_shop_s_password", "secret_shop_s_user",
            ])
        #expect(credentials.files == credentials.asked && credentials.values.isEmpty)
        #expect(try fixture.config()["tls_config"] == ["ca_file": "/etc/prometheus/assets/secret_mon_s_ca"])
    }

    @Test func `A monitor whose Secret is missing records which one it asked for`() {
        var credentials = CredentialResolver { .missing("there is no \($0)") }
        let object = Object(Self.service.with(Self.token).monitor)
        #expect(throws: FieldError.self) { try Monitors.jobs(of: object, Self.service.settings, &credentials) }
        #expect(credentials.asked.map(\.description) == ["key \"token\" of Secret shop/s"])
        #expect(credentials.files.isEmpty && credentials.values.isEmpty)
    }

    @Test func `A credential in the configuration itself has no line break at its end`() throws {
        let (jobs, credentials) = try Self.service.with(
            """
            {proxyUrl: 'http://p', proxyConnectHeader: {X: [{name: s, key: header}]},
             oauth2: {clientId: {secret: {name: s, key: id}}, clientSecret: {name: s, key: token}, tokenUrl: 'http://t'}}
            """
        ).made()
        #expect(jobs[0].config["proxy_connect_header"] == ["X": ["h"]])
        #expect(jobs[0].config["oauth2", "client_id"] == "client")
        #expect(credentials.values.map(\.key).sorted() == ["header", "id"])
    }

    @Test func `The authorization of a scrape class does not apply to monitors with another way to authenticate`()
        throws
    {
        let authorization = "authorization: {credentialsFile: /token}"
        #expect(
            try Self.service.scrapeClass(authorization).config()["authorization"]
                == ["type": "Bearer", "credentials_file": "/token"])
        for own in [
            "basicAuth: {username: {name: s, key: user}, password: {name: s, key: password}}",
            "bearerTokenSecret: {name: s, key: token}", "bearerTokenFile: /t",
            "oauth2: {clientId: {secret: {name: s, key: id}}, clientSecret: {name: s, key: token}, tokenUrl: 'http://t'}",
        ] {
            let config = try Self.service.with(own).scrapeClass(authorization).config()
            #expect(config["authorization"] == nil)
            #expect(ConfigTable.scrapeConfig.problems(config, for: .newestKnown).isEmpty)
        }
    }

    @Test func `The authorization of a scrape class refers to Secrets in the namespace of the agent`() throws {
        let fixture = Self.service.scrapeClass("authorization: {type: X, credentials: {name: s, key: token}}")
        #expect(
            try fixture.config()["authorization"]
                == ["type": "X", "credentials_file": "/etc/prometheus/assets/secret_mon_s_token"])
        let own = try fixture.with(Self.token).config()["authorization"]
        #expect(own == ["type": "Bearer", "credentials_file": "/etc/prometheus/assets/secret_shop_s_token"])
        // A Probe can set the type only, and use the credentials of the class.
        let probe = MonitorFixture.probe.with("authorization: {type: Token}")
            .scrapeClass("authorization: {credentials: {name: s, key: token}}")
        #expect(
            try probe.config()["authorization"]
                == ["type": "Token", "credentials_file": "/etc/prometheus/assets/secret_mon_s_token"])
    }

    @Test func `A scrape class provides the CA and the certificate that a monitor does not have`() throws {
        let shared = """
            tlsConfig: {ca: {secret: {name: s, key: ca}}, certFile: /c, keyFile: /k, insecureSkipVerify: true}
            """
        func tls(_ own: String, of fixture: MonitorFixture = Self.service) throws -> JSON? {
            try fixture.with("tlsConfig: \(own)").scrapeClass(shared).config()["tls_config"]
        }
        let (ca, pair): (JSON, JSON) = (
            "/etc/prometheus/assets/secret_mon_s_ca", "/etc/prometheus/assets/secret_shop_s"
        )
        #expect(try tls("{serverName: x}") == ["ca_file": ca, "cert_file": "/c", "key_file": "/k", "server_name": "x"])
        #expect(
            try tls("{cert: {secret: {name: s, key: cert}}, keySecret: {name: s, key: key}}") == [
                "ca_file": ca, "cert_file": JSON("\(pair.string ?? "")_cert"),
                "key_file": JSON("\(pair.string ?? "")_key"),
            ])
        #expect(try tls("{caFile: /mine}")?["ca_file"] == "/mine")
        // An empty configuration is like none, for all kinds.
        for fixture in [Self.service, .podMonitor, .probe] {
            #expect(
                try tls("{}", of: fixture)
                    == ["ca_file": ca, "cert_file": "/c", "key_file": "/k", "insecure_skip_verify": true])
        }
    }

    @Test func `A monitor with a scrape class does not use the default one`() throws {
        let fixture = Self.service.scrapeClass("{name: a, tlsConfig: {caFile: /a}}")
            .scrapeClass("{name: b, default: false, tlsConfig: {caFile: /b}}")
        #expect(try fixture.config()["tls_config", "ca_file"] == "/a")
        #expect(try fixture.withSpec("scrapeClass: b").config()["tls_config", "ca_file"] == "/b")
        #expect(try fixture.withSpec("scrapeClass: ''").config()["tls_config", "ca_file"] == "/a")
    }

    @Test func `A role selector of an agent on every node also selects the pods of the node`() throws {
        let fixture = MonitorFixture.podMonitor.withSpec("selectorMechanism: RoleSelector").agent {
            $0.isNodeLocal = true
        }
        #expect(
            try fixture.config()["kubernetes_sd_configs"]?[0]?["selectors"]
                == [["role": "pod", "field": "spec.nodeName=$(NODE_NAME)", "label": "app=batch"]])
    }
}
