import Kube
import Testing
import YAML

@testable import PrometheusConfig

/// Credentials and scrape classes, and where prometheus-operator makes a file of them that Prometheus refuses.
struct MonitorCredentialTests {
    static let service = MonitorFixture.serviceMonitor
    static let token = "authorization: {credentials: {name: s, key: token}}"

    @Test func `what a monitor refers to is looked up in its own namespace, what a class does in the agent's`() throws {
        let fixture = Self.service
            .with("basicAuth: {username: {name: s, key: user}, password: {name: s, key: password}}")
            .scrapeClass("tlsConfig: {ca: {secret: {name: s, key: ca}}}")
        let credentials = try fixture.made().credentials
        #expect(
            credentials.files.map(\.fileName).sorted() == [
                "secret_mon_s_ca", "secret_shop_s_password", "secret_shop_s_user",
            ])
        #expect(credentials.used == credentials.asked && credentials.values.isEmpty)
        #expect(try fixture.config()["tls_config"] == ["ca_file": "/etc/prometheus/assets/secret_mon_s_ca"])
    }

    @Test func `what was asked for in vain is known, so that it can be waited for`() {
        var credentials = Credentials { .missing("there is no \($0)") }
        let object = Object(Self.service.with(Self.token).monitor)
        #expect(throws: FieldError.self) { try Monitors.jobs(of: object, Self.service.settings, &credentials) }
        #expect(credentials.asked.map(\.description) == ["key \"token\" of Secret shop/s"])
        #expect(credentials.used.isEmpty)
    }

    @Test func `a value in the file has no line break at its end`() throws {
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

    @Test func `a class's authorization is not beside another way to authenticate`() throws {
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
            #expect(HTTPClientChecks(version: .newestKnown).problems(config.object ?? [:]).isEmpty)
        }
    }

    @Test func `a class's authorization lies in the agent's namespace`() throws {
        let fixture = Self.service.scrapeClass("authorization: {type: X, credentials: {name: s, key: token}}")
        #expect(
            try fixture.config()["authorization"]
                == ["type": "X", "credentials_file": "/etc/prometheus/assets/secret_mon_s_token"])
        let own = try fixture.with(Self.token).config()["authorization"]
        #expect(own == ["type": "Bearer", "credentials_file": "/etc/prometheus/assets/secret_shop_s_token"])
        // A Probe may say the type and leave the rest to the class.
        let probe = MonitorFixture.probe.with("authorization: {type: Token}")
            .scrapeClass("authorization: {credentials: {name: s, key: token}}")
        #expect(
            try probe.config()["authorization"]
                == ["type": "Token", "credentials_file": "/etc/prometheus/assets/secret_mon_s_token"])
    }

    @Test func `a class gives the CA and the certificate that a monitor does not have`() throws {
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
        // One that says nothing takes on everything, whatever the kind.
        for fixture in [Self.service, .podMonitor, .probe] {
            #expect(
                try tls("{}", of: fixture)
                    == ["ca_file": ca, "cert_file": "/c", "key_file": "/k", "insecure_skip_verify": true])
        }
    }

    @Test func `a monitor of its own class does not take on the default one`() throws {
        let fixture = Self.service.scrapeClass("{name: a, tlsConfig: {caFile: /a}}")
            .scrapeClass("{name: b, default: false, tlsConfig: {caFile: /b}}")
        #expect(try fixture.config()["tls_config", "ca_file"] == "/a")
        #expect(try fixture.withSpec("scrapeClass: b").config()["tls_config", "ca_file"] == "/b")
        #expect(try fixture.withSpec("scrapeClass: ''").config()["tls_config", "ca_file"] == "/a")
    }

    @Test func `a node's agent that asks the API server asks once for each role`() throws {
        let fixture = MonitorFixture.podMonitor.withSpec("selectorMechanism: RoleSelector").agent {
            $0.isNodeLocal = true
        }
        #expect(
            try fixture.config()["kubernetes_sd_configs"]?[0]?["selectors"]
                == [["role": "pod", "field": "spec.nodeName=$(NODE_NAME)", "label": "app=batch"]])
    }

    @Test func `a point in a selector's value is a point`() {
        #expect(RegularExpression.escaped("v1.2+3") == #"v1\.2\+3"#)
        #expect(RegularExpression.escaped(#"\.+*?()|[]{}^$"#) == #"\\\.\+\*\?\(\)\|\[\]\{\}\^\$"#)
        #expect(RegularExpression.problem(RegularExpression.escaped("(a[b{c")) == nil)
    }

    @Test(arguments: [
        ("0", 0.0), ("1B", 1), ("10KB", 10240), ("10KiB", 10240), ("1.5MB", 1_572_864), ("1GiB", 1_073_741_824),
    ]) func `a size is counted in powers of 1024`(_ text: String, _ bytes: Double) {
        #expect(ByteSize.bytes(text) == bytes)
    }

    @Test(arguments: ["", "1", "B", "1XB", "1kB", "1iB", "-1B", "1 B", "1e3B", "1.B", "infB"])
    func `what is no size is refused`(_ text: String) { #expect(ByteSize.bytes(text) == nil) }

    @Test(arguments: [
        "http://a", "HTTPS://a.b:1/x?y#z", "socks5://u:p%20@a", "http://[::1]:80", "http://a:", "http://1.2.3.4",
    ]) func `a proxy is a URL`(_ url: String) {
        #expect(URLChecks.isURL(url, schemes: ["http", "https", "socks5"]))
    }

    @Test(arguments: [
        "", "a", "http:", "http://", "http://[", "http://[::1", "http://[a]", "http://a:b", "http://a b", "ftp://a",
        "http://a%", "http://a/%zz", "http://u@b@", "http://:80", "http://a\n", "://a", "http://a[b]",
    ]) func `what Go would not parse is no proxy`(_ url: String) {
        #expect(!URLChecks.isURL(url, schemes: ["http", "https", "socks5"]))
    }
}
