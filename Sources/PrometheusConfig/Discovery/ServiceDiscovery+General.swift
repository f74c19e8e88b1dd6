import Kube

// Discovery by files, HTTP, DNS, service registries and container runtimes.
extension ServiceDiscovery {
    static let file = ServiceDiscovery(
        field: "fileSDConfigs", key: "file_sd_configs",
        fields: [.field("files", .custom(files), isRequired: true), .refreshInterval])

    static let http = ServiceDiscovery(
        field: "httpSDConfigs", key: "http_sd_configs", client: .all,
        fields: [.field("url", .url(["http", "https"]), isRequired: true), .refreshInterval])

    static let consul = ServiceDiscovery(
        field: "consulSDConfigs", key: "consul_sd_configs", client: .all,
        fields: [
            .field("server", .text, isRequired: true),
            .field("pathPrefix", .string, since: .init(2, 45), tooOld: .refused),
            .field("tokenRef", .secret, as: "token"),
            .field("datacenter", .string),
            .field("namespace", .string, since: .init(2, 28), tooOld: .refused),
            .field("partition", .string),
            .field("scheme", .lowercased),
            .field("services", .strings),
            .field("tags", .strings),
            .tagSeparator,
            .field("nodeMeta", .stringMap),
            .field("filter", .string, since: .init(3, 0), tooOld: .refused),
            .field("healthFilter", .string, since: .init(3, 11, 2), tooOld: .refused),
            .field("allowStale", .bool),
            .refreshInterval,
        ])

    static let dns = ServiceDiscovery(
        field: "dnsSDConfigs", key: "dns_sd_configs",
        fields: [
            .field("names", .strings, isRequired: true), .refreshInterval,
            .field("type", .custom(recordType)), .port,
        ],
        check: { entry, _ throws(FieldError) in
            let type = try entry.text("type") ?? "SRV"
            if type != "SRV", !entry.has("port") {
                throw FieldError(entry.at("port"), "is required for records of type \(type)")
            }
        })

    static let kuma = ServiceDiscovery(
        field: "kumaSDConfigs", key: "kuma_sd_configs", client: .all,
        fields: [
            .server, .refreshInterval, .field("fetchTimeout", .duration),
            .field("clientID", .string, since: .init(2, 50), tooOld: .refused),
        ])

    static let eureka = ServiceDiscovery(
        field: "eurekaSDConfigs", key: "eureka_sd_configs", client: .all, fields: [.refreshInterval, .server])

    static let nomad = ServiceDiscovery(
        field: "nomadSDConfigs", key: "nomad_sd_configs", client: .all,
        fields: [
            .server, .field("allowStale", .bool), .field("namespace", .string), .refreshInterval, .region,
            .tagSeparator,
        ])

    static let puppetDB = ServiceDiscovery(
        field: "puppetDBSDConfigs", key: "puppetdb_sd_configs", client: .all,
        fields: [
            .field("url", .url(["http", "https"]), isRequired: true), .field("query", .text, isRequired: true),
            .field("includeParameters", .bool), .port, .refreshInterval,
        ])

    static let docker = ServiceDiscovery(
        field: "dockerSDConfigs", key: "docker_sd_configs", client: .all,
        fields: [
            .filters, .field("host", .custom(daemon), isRequired: true), .port, .field("hostNetworkingHost", .string),
            .field("matchFirstNetwork", .bool, since: .init(2, 54, 1), tooOld: .refused), .refreshInterval,
        ])

    static let dockerSwarm = ServiceDiscovery(
        field: "dockerSwarmSDConfigs", key: "dockerswarm_sd_configs", client: .all,
        fields: [
            .filters, .field("host", .custom(daemon), isRequired: true), .role("Services", "Tasks", "Nodes"), .port,
            .refreshInterval,
        ])

    // MARK: - Custom rows

    /// Files in the pod, with the file extensions that Prometheus accepts.
    private static func files(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        guard let files = try fields.strings("files"), !files.isEmpty else { return nil }
        for (index, file) in files.enumerated() {
            let name = file.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
            let folder = file.dropLast(name.count)
            let ending = name.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
            guard ["json", "yml", "yaml", "JSON", "YML", "YAML"].contains(ending), name.contains("."),
                !folder.contains("*"), name.count(where: { $0 == "*" }) <= 1
            else {
                throw FieldError(
                    fields.at("files").appending(index),
                    "\"\(file.prefix(200))\" should end with .json, .yml or .yaml and have at most one *, after the last /"
                )
            }
        }
        return JSON(files)
    }

    /// The address of a Docker daemon: a URL with any scheme, including `unix:///…`.
    private static func daemon(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        guard let host = try fields.text("host") else { return nil }
        let scheme = host.prefix { $0 != ":" }
        let rest = host.dropFirst(scheme.count)
        guard scheme.first?.isLetter == true, rest.hasPrefix("://"), rest.count > 3,
            host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "%") })
        else { throw FieldError(fields.at("host"), "\"\(host.prefix(200))\" should be scheme://…") }
        return .string(host)
    }

    private static let recordTypes: [String: PrometheusVersion] = ["NS": .init(2, 49), "MX": .init(2, 38)]

    private static func recordType(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        guard let type = try fields.word("type", among: ["A", "AAAA", "MX", "NS", "SRV"]) else { return nil }
        if let since = recordTypes[type], context.version < since {
            context.leftOut.append(.needs(since, context.version, fields.at("type")))
            return nil
        }
        return .string(type)
    }
}
