import Kube

/// The fields of the lists of a ScrapeConfig that find targets.
extension MonitorFields {
    /// The names of those lists.
    package static let discoveries = discoveryTrees.keys.sorted()

    static let discoveryTrees: [String: FieldTree] = [
        "staticConfigs": .fields("targets", ["labels": .map(.any)]),
        "fileSDConfigs": .fields("files refreshInterval"),
        "httpSDConfigs": client("url"),
        "kubernetesSDConfigs": .fields(
            "apiServer role \(common) \(proxy)",
            connection.merging([
                "namespaces": .fields("names ownNamespace"), "selectors": .fields("field label role"),
                "attachMetadata": attachMetadata, "authorization": authorization, "basicAuth": basicAuth,
                "oauth2": oauth2,
            ]) { $1 }),
        "consulSDConfigs": client(
            "allowStale datacenter filter healthFilter namespace partition pathPrefix scheme server services tagSeparator tags",
            ["tokenRef": secretKey, "nodeMeta": .map(.any)]),
        "dnsSDConfigs": .fields("names port refreshInterval type"),
        "ec2SDConfigs": keys("port region roleARN", ["filters": filters]),
        "azureSDConfigs": client(
            "authenticationMethod clientID environment port resourceGroup subscriptionID tenantID",
            ["clientSecret": secretKey]),
        "gceSDConfigs": .fields("filter port project refreshInterval tagSeparator zone"),
        "openstackSDConfigs": .fields(
            """
            allTenants applicationCredentialId applicationCredentialName availability domainID domainName \
            identityEndpoint port projectID projectName refreshInterval region role userid username
            """,
            connection.filter { $0.key == "tlsConfig" }.merging([
                "applicationCredentialSecret": secretKey, "password": secretKey,
            ]) { $1 }),
        "digitalOceanSDConfigs": bearer("port"),
        "kumaSDConfigs": client("clientID fetchTimeout server"),
        "eurekaSDConfigs": client("server"),
        "dockerSDConfigs": client("host hostNetworkingHost matchFirstNetwork port", ["filters": filters]),
        "dockerSwarmSDConfigs": client("host port role", ["filters": filters]),
        "linodeSDConfigs": bearer("port region tagSeparator"),
        "hetznerSDConfigs": client("labelSelector port role"),
        "nomadSDConfigs": client("allowStale namespace region server tagSeparator"),
        "puppetDBSDConfigs": client("includeParameters port query url"),
        "lightSailSDConfigs": keys(
            "endpoint port region roleARN",
            ["authorization": authorization, "basicAuth": basicAuth, "oauth2": oauth2]),
        "ovhcloudSDConfigs": .fields(
            "applicationKey endpoint refreshInterval service",
            ["applicationSecret": secretKey, "consumerKey": secretKey]),
        "scalewaySDConfigs": .fields(
            """
            accessKey apiURL nameFilter port projectID role tagsFilter zone refreshInterval \(common) \(proxy)
            """, connection.merging(["secretKey": secretKey]) { $1 }),
        "ionosSDConfigs": bearer("datacenterID port"),
    ]

    private static let common = "enableHTTP2 followRedirects"
    private static let filters = FieldTree.fields("name values")

    /// A discovery that asks a server, with any credentials.
    private static func client(_ plain: String, _ others: [String: FieldTree] = [:]) -> FieldTree {
        bearer(plain, others.merging(["basicAuth": basicAuth]) { $1 })
    }

    /// A discovery that asks a server, without user and password.
    private static func bearer(_ plain: String, _ others: [String: FieldTree] = [:]) -> FieldTree {
        .fields(
            "\(plain) refreshInterval \(common) \(proxy)",
            connection.merging(["authorization": authorization, "oauth2": oauth2]) { $1 }.merging(others) { $1 })
    }

    /// A discovery that asks Amazon.
    private static func keys(_ plain: String, _ others: [String: FieldTree] = [:]) -> FieldTree {
        .fields(
            "\(plain) refreshInterval \(common) \(proxy)",
            connection.merging(["accessKey": secretKey, "secretKey": secretKey]) { $1 }.merging(others) { $1 })
    }
}
