import Kube
import YAML

@testable import PrometheusConfig

extension MonitorFixture {
    static let scrapeConfig = MonitorFixture(
        """
        apiVersion: monitoring.coreos.com/v1alpha1
        kind: ScrapeConfig
        metadata: {name: edge, namespace: shop}
        spec: {}
        """)

    /// A ScrapeConfig with one entry of one kind of discovery.
    static func discovery(_ field: String, _ entry: String) -> MonitorFixture {
        scrapeConfig.withSpec("\(field): [\(entry)]")
    }
}

/// An entry of a kind of discovery with all of its fields, and the expected entry of the job.
struct DiscoveryCase: Sendable, CustomStringConvertible {
    /// The settings of the HTTP client that the kind supports.
    enum Client: Sendable { case none, proxy, tls, token, all }

    var field: String
    var key: String
    var client: Client
    var entry: String
    var expected: JSON
    var description: String { field }

    init(_ field: String, _ key: String, _ client: Client, _ entry: String, _ expected: JSON) {
        self.field = field
        self.key = key
        self.client = client
        self.entry = entry
        self.expected = expected
    }

    /// The ScrapeConfig with the entry and all settings of its client.
    var fixture: MonitorFixture {
        let proxy = "proxyUrl: 'http://proxy:3128', noProxy: 10.0.0.0/8, "
        let tls = "tlsConfig: {ca: {secret: {name: s, key: ca}}, serverName: sd.example.org}, "
        let connection = "followRedirects: false, enableHTTP2: false, "
        let token = "authorization: {credentials: {name: s, key: token}}, "
        let before =
            switch client {
            case .none: ""
            case .proxy: proxy + tls + connection
            case .tls: tls
            case .token: proxy + tls + connection + token
            case .all:
                proxy + tls + connection
                    + "basicAuth: {username: {name: s, key: user}, password: {name: s, key: password}}, "
            }
        return .discovery(field, "{\(before)\(entry)}")
    }

    /// The expected entry with the settings of its client.
    var whole: JSON {
        var json = expected
        func file(_ key: String) -> JSON { JSON("/etc/prometheus/assets/secret_shop_s_\(key)") }
        let tls: JSON = ["ca_file": file("ca"), "server_name": "sd.example.org"]
        if client != .none && client != .tls {
            json["proxy_url"] = "http://proxy:3128"
            json["no_proxy"] = "10.0.0.0/8"
            json["follow_redirects"] = false
            json["enable_http2"] = false
        }
        if client != .none { json["tls_config"] = tls }
        if client == .token { json["authorization"] = ["type": "Bearer", "credentials_file": file("token")] }
        if client == .all { json["basic_auth"] = ["username_file": file("user"), "password_file": file("password")] }
        return json
    }

    private static let common = "refreshInterval: 45s, port: 9100"

    static let all: [DiscoveryCase] = general + clouds

    private static let general: [DiscoveryCase] = [
        .init(
            "fileSDConfigs", "file_sd_configs", .none, "files: [/sd/*.json, /sd/a.yaml], refreshInterval: 45s",
            ["files": ["/sd/*.json", "/sd/a.yaml"], "refresh_interval": "45s"]),
        .init(
            "httpSDConfigs", "http_sd_configs", .all, "url: 'https://sd.example.org/t?a=b', refreshInterval: 45s",
            ["url": "https://sd.example.org/t?a=b", "refresh_interval": "45s"]),
        .init(
            "kubernetesSDConfigs", "kubernetes_sd_configs", .all,
            """
            apiServer: 'https://k.example.org', role: EndpointSlice, namespaces: {names: [a, b]},
            attachMetadata: {node: true}, selectors: [{role: Pod, label: 'app in (a, b),!canary'},
            {role: Service, field: metadata.name=a}]
            """,
            [
                "api_server": "https://k.example.org", "role": "endpointslice", "namespaces": ["names": ["a", "b"]],
                "attach_metadata": ["node": true],
                "selectors": [
                    ["role": "pod", "label": "app in (a, b),!canary"],
                    ["role": "service", "field": "metadata.name=a"],
                ],
            ]),
        .init(
            "consulSDConfigs", "consul_sd_configs", .all,
            """
            server: 'consul:8500', pathPrefix: /p, tokenRef: {name: s, key: token}, datacenter: d, namespace: ns,
            partition: p, scheme: HTTPS, services: [a], tags: [t], tagSeparator: ';', nodeMeta: {k: v}, filter: f,
            allowStale: false, refreshInterval: 45s
            """,
            [
                "server": "consul:8500", "path_prefix": "/p", "token": "secret", "datacenter": "d", "namespace": "ns",
                "partition": "p", "scheme": "https", "services": ["a"], "tags": ["t"], "tag_separator": ";",
                "node_meta": ["k": "v"], "filter": "f", "allow_stale": false, "refresh_interval": "45s",
            ]),
        .init(
            "dnsSDConfigs", "dns_sd_configs", .none, "names: [a.example.org], type: NS, \(common)",
            ["names": ["a.example.org"], "type": "NS", "port": 9100, "refresh_interval": "45s"]),
        .init(
            "kumaSDConfigs", "kuma_sd_configs", .all,
            "server: 'http://kuma:5676', fetchTimeout: 1m, clientID: c, refreshInterval: 45s",
            ["server": "http://kuma:5676", "fetch_timeout": "1m", "client_id": "c", "refresh_interval": "45s"]),
        .init(
            "eurekaSDConfigs", "eureka_sd_configs", .all, "server: 'http://eureka:8761/eureka', refreshInterval: 45s",
            ["server": "http://eureka:8761/eureka", "refresh_interval": "45s"]),
        .init(
            "nomadSDConfigs", "nomad_sd_configs", .all,
            """
            server: 'http://nomad:4646', allowStale: true, namespace: ns, region: r, tagSeparator: ';',
            refreshInterval: 45s
            """,
            [
                "server": "http://nomad:4646", "allow_stale": true, "namespace": "ns", "region": "r",
                "tag_separator": ";", "refresh_interval": "45s",
            ]),
        .init(
            "puppetDBSDConfigs", "puppetdb_sd_configs", .all,
            "url: 'https://puppet.example.org', query: 'resources {}', includeParameters: true, \(common)",
            [
                "url": "https://puppet.example.org", "query": "resources {}", "include_parameters": true, "port": 9100,
                "refresh_interval": "45s",
            ]),
        .init(
            "dockerSDConfigs", "docker_sd_configs", .all,
            """
            host: 'unix:///var/run/docker.sock', hostNetworkingHost: h, matchFirstNetwork: false,
            filters: [{name: b, values: [x]}, {name: a, values: [why, z]}], \(common)
            """,
            [
                "host": "unix:///var/run/docker.sock", "host_networking_host": "h", "match_first_network": false,
                "filters": [["name": "a", "values": ["why", "z"]], ["name": "b", "values": ["x"]]], "port": 9100,
                "refresh_interval": "45s",
            ]),
        .init(
            "dockerSwarmSDConfigs", "dockerswarm_sd_configs", .all,
            "host: 'tcp://d:2376', role: Tasks, filters: [{name: a, values: [why]}], \(common)",
            [
                "host": "tcp://d:2376", "role": "tasks", "filters": [["name": "a", "values": ["why"]]], "port": 9100,
                "refresh_interval": "45s",
            ]),
    ]

    private static let keys = "accessKey: {name: s, key: user}, secretKey: {name: s, key: password}, roleARN: arn"

    private static let clouds: [DiscoveryCase] = [
        .init(
            "ec2SDConfigs", "ec2_sd_configs", .proxy,
            "region: eu, \(keys), filters: [{name: a, values: [why]}], \(common)",
            [
                "region": "eu", "access_key": "me", "secret_key": "pass", "role_arn": "arn",
                "filters": [["name": "a", "values": ["why"]]], "port": 9100, "refresh_interval": "45s",
            ]),
        .init(
            "lightSailSDConfigs", "lightsail_sd_configs", .all, "region: eu, endpoint: e, \(keys), \(common)",
            [
                "region": "eu", "endpoint": "e", "access_key": "me", "secret_key": "pass", "role_arn": "arn",
                "port": 9100, "refresh_interval": "45s",
            ]),
        .init(
            "azureSDConfigs", "azure_sd_configs", .none,
            """
            environment: AzurePublicCloud, authenticationMethod: OAuth, subscriptionID: s, tenantID: t, clientID: c,
            clientSecret: {name: s, key: password}, resourceGroup: g, \(common)
            """,
            [
                "environment": "AzurePublicCloud", "authentication_method": "OAuth", "subscription_id": "s",
                "tenant_id": "t", "client_id": "c", "client_secret": "pass", "resource_group": "g", "port": 9100,
                "refresh_interval": "45s",
            ]),
        .init(
            "gceSDConfigs", "gce_sd_configs", .none, "project: p, zone: z, filter: f, tagSeparator: ';', \(common)",
            [
                "project": "p", "zone": "z", "filter": "f", "tag_separator": ";", "port": 9100,
                "refresh_interval": "45s",
            ]),
        .init(
            "openstackSDConfigs", "openstack_sd_configs", .tls,
            """
            role: Hypervisor, region: r, identityEndpoint: 'http://i.example.org/v3', username: u, userid: i,
            password: {name: s, key: password}, domainName: d, domainID: e, projectName: p, projectID: q,
            applicationCredentialName: a, applicationCredentialId: b,
            applicationCredentialSecret: {name: s, key: token}, allTenants: true, availability: Public, \(common)
            """,
            [
                "role": "hypervisor", "region": "r", "identity_endpoint": "http://i.example.org/v3", "username": "u",
                "userid": "i", "password": "pass", "domain_name": "d", "domain_id": "e", "project_name": "p",
                "project_id": "q", "application_credential_name": "a", "application_credential_id": "b",
                "application_credential_secret": "secret", "all_tenants": true, "availability": "public",
                "port": 9100, "refresh_interval": "45s",
            ]),
        .init(
            "digitalOceanSDConfigs", "digitalocean_sd_configs", .token, common,
            ["port": 9100, "refresh_interval": "45s"]),
        .init(
            "linodeSDConfigs", "linode_sd_configs", .token, "region: r, tagSeparator: ';', \(common)",
            ["region": "r", "tag_separator": ";", "port": 9100, "refresh_interval": "45s"]),
        .init(
            "hetznerSDConfigs", "hetzner_sd_configs", .all, "role: Robot, labelSelector: a=b, \(common)",
            ["role": "robot", "label_selector": "a=b", "port": 9100, "refresh_interval": "45s"]),
        .init(
            "ovhcloudSDConfigs", "ovhcloud_sd_configs", .none,
            """
            applicationKey: a, applicationSecret: {name: s, key: password}, consumerKey: {name: s, key: token},
            service: DedicatedServer, endpoint: ovh-eu, refreshInterval: 45s
            """,
            [
                "application_key": "a", "application_secret": "pass", "consumer_key": "secret",
                "service": "dedicated_server", "endpoint": "ovh-eu", "refresh_interval": "45s",
            ]),
        .init(
            "scalewaySDConfigs", "scaleway_sd_configs", .proxy,
            """
            accessKey: SCWAAAAAAAAAAAAAAAAA, secretKey: {name: s, key: password},
            projectID: 11111111-1111-1111-1111-111111111111, role: Baremetal, apiURL: 'https://api.example.org',
            zone: fr-par-1, nameFilter: nf, tagsFilter: [t], \(common)
            """,
            [
                "access_key": "SCWAAAAAAAAAAAAAAAAA",
                "secret_key_file": "/etc/prometheus/assets/secret_shop_s_password",
                "project_id": "11111111-1111-1111-1111-111111111111", "role": "baremetal",
                "api_url": "https://api.example.org", "zone": "fr-par-1", "name_filter": "nf", "tags_filter": ["t"],
                "port": 9100, "refresh_interval": "45s",
            ]),
        .init(
            "ionosSDConfigs", "ionos_sd_configs", .token, "datacenterID: d, \(common)",
            ["datacenter_id": "d", "port": 9100, "refresh_interval": "45s"]),
    ]
}
