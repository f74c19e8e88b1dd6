import Kube

// Discovery by the APIs of cloud providers.
extension ServiceDiscovery {
    private static let accessKeys: [FieldMapping] = [
        .field("accessKey", .secret), .field("secretKey", .secret), .field("roleARN", .string),
    ]

    static let ec2 = ServiceDiscovery(
        field: "ec2SDConfigs", key: "ec2_sd_configs", client: [.proxy, .tls, .connection], clientSince: .init(2, 41),
        fields: [.region] + accessKeys + [.refreshInterval, .port, .filters],
        check: { entry, _ throws(FieldError) in try checkPair(entry, "accessKey", "secretKey") })

    static let lightSail = ServiceDiscovery(
        field: "lightSailSDConfigs", key: "lightsail_sd_configs", client: .all,
        fields: [.region, .field("endpoint", .string), .port, .refreshInterval] + accessKeys,
        check: { entry, _ throws(FieldError) in try checkPair(entry, "accessKey", "secretKey") })

    static let azure = ServiceDiscovery(
        field: "azureSDConfigs", key: "azure_sd_configs", client: [.basicAuth, .authorization, .oauth2, .proxy],
        fields: [
            .field("environment", .string), .field("authenticationMethod", .string),
            .field("subscriptionID", .text, isRequired: true), .field("tenantID", .string),
            .field("clientID", .string), .field("clientSecret", .secret),
            .field("resourceGroup", .string, since: .init(2, 35), tooOld: .refused), .refreshInterval, .port,
            .field("tlsConfig", .unwritten), .field("followRedirects", .unwritten), .field("enableHTTP2", .unwritten),
        ],
        check: { entry, version throws(FieldError) in try checkAzure(entry, version) })

    static let gce = ServiceDiscovery(
        field: "gceSDConfigs", key: "gce_sd_configs",
        fields: [
            .field("project", .text, isRequired: true), .field("zone", .text, isRequired: true),
            .field("filter", .string), .refreshInterval, .port, .tagSeparator,
        ])

    static let openStack = ServiceDiscovery(
        field: "openstackSDConfigs", key: "openstack_sd_configs", client: .tls,
        fields: [
            .role("Instance", "Hypervisor", "LoadBalancer"), .field("region", .string, isRequired: true),
            .field("identityEndpoint", .url([])), .field("username", .string), .field("userid", .string),
            .field("password", .secret), .field("domainName", .string), .field("domainID", .string),
            .field("projectName", .string), .field("projectID", .string),
            .field("applicationCredentialName", .string), .field("applicationCredentialId", .string),
            .field("applicationCredentialSecret", .secret), .field("allTenants", .bool), .refreshInterval, .port,
            // Prometheus accepts the words in lower case only.
            .field("availability", .lowercased),
        ],
        check: { entry, version throws(FieldError) in
            let since = PrometheusVersion(3, 2)
            if try entry.text("role") == "LoadBalancer", version < since {
                throw FieldError(entry.at("role"), "LoadBalancer \(version.needs(since))")
            }
        })

    static let digitalOcean = ServiceDiscovery(
        field: "digitalOceanSDConfigs", key: "digitalocean_sd_configs", client: .tokens,
        fields: [.port, .refreshInterval])

    static let linode = ServiceDiscovery(
        field: "linodeSDConfigs", key: "linode_sd_configs", client: .tokens,
        fields: [
            .port, .field("region", .string, since: .init(2, 52), tooOld: .refused), .tagSeparator, .refreshInterval,
        ])

    static let hetzner = ServiceDiscovery(
        field: "hetznerSDConfigs", key: "hetzner_sd_configs", client: .all,
        fields: [
            .role("hcloud", "Hcloud", "robot", "Robot"), .port, .refreshInterval,
            .field("labelSelector", .text, since: .init(3, 5), tooOld: .refused),
        ])

    static let ovhCloud = ServiceDiscovery(
        field: "ovhcloudSDConfigs", key: "ovhcloud_sd_configs",
        fields: [
            .field("applicationKey", .text, isRequired: true), .field("applicationSecret", .secret, isRequired: true),
            .field("consumerKey", .secret, isRequired: true),
            .field("service", .word(["VPS": "vps", "DedicatedServer": "dedicated_server"]), isRequired: true),
            .field("endpoint", .string), .refreshInterval,
        ])

    static let scaleway = ServiceDiscovery(
        field: "scalewaySDConfigs", key: "scaleway_sd_configs", client: [.proxy, .tls, .connection],
        fields: [
            .field("accessKey", .text, isRequired: true),
            .field("secretKey", .secretFile, as: "secret_key_file", isRequired: true),
            .field("projectID", .text, isRequired: true), .role("Instance", "Baremetal"), .port,
            .field("apiURL", .url(["http", "https"])), .field("zone", .string), .field("nameFilter", .string),
            .field("tagsFilter", .strings), .refreshInterval,
        ])

    static let ionos = ServiceDiscovery(
        field: "ionosSDConfigs", key: "ionos_sd_configs", client: .tokens, prefersOAuth2: true,
        fields: [.field("datacenterID", .text, isRequired: true), .port, .refreshInterval],
        check: { entry, _ throws(FieldError) in
            guard entry.has("oauth2") || entry.has("authorization") else {
                throw FieldError(entry.at("authorization"), "is required unless oauth2 is set")
            }
        })

    // MARK: - Combinations of fields

    private static func checkAzure(_ entry: Fields, _ version: PrometheusVersion) throws(FieldError) {
        let methods: [String: PrometheusVersion] = [
            "OAuth": .init(2, 0), "ManagedIdentity": .init(2, 0), "SDK": .init(2, 52),
            "WorkloadIdentity": .init(3, 11),
        ]
        let method = try entry.word("authenticationMethod", among: methods.keys.sorted()) ?? "OAuth"
        if let since = methods[method], version < since {
            throw FieldError(entry.at("authenticationMethod"), "\(method) \(version.needs(since))")
        }
        guard method == "OAuth" else { return }
        for name in ["tenantID", "clientID", "clientSecret"] where entry.json(name).map({ $0 == "" }) ?? true {
            throw FieldError(entry.at(name), "is required by authenticationMethod OAuth")
        }
    }
}
