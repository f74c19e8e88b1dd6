import Kube

/// The fields about what a Prometheus scrapes, which agents and central servers have.
enum ScrapingFields {
    static let properties: Schema.Properties = [
        "scrapeInterval": .duration(
            "The interval between scrapes, for targets without one of their own. Defaults to 30s."),
        "scrapeTimeout": .duration(
            """
            The timeout of a scrape, for targets without one of their own. Defaults to 10s, or to \
            scrapeInterval if that is shorter.
            """),
        "serviceMonitorSelector": selector("ServiceMonitors"),
        "serviceMonitorNamespaceSelector": namespaceSelector("ServiceMonitors"),
        "podMonitorSelector": selector("PodMonitors"),
        "podMonitorNamespaceSelector": namespaceSelector("PodMonitors"),
        "probeSelector": selector("Probes"),
        "probeNamespaceSelector": namespaceSelector("Probes"),
        "scrapeConfigSelector": selector("ScrapeConfigs"),
        "scrapeConfigNamespaceSelector": namespaceSelector("ScrapeConfigs"),
        "scrapeClasses": .list(
            of: ScrapeClassSpec.schema, by: "name", max: 20,
            "Scrape classes: settings that monitors can select by name. At most one class is the default."),
        "podTargetLabels": .set(
            of: .text("The name of a label.", max: 317), max: 50,
            """
            Pod labels that the targets of every PodMonitor and ServiceMonitor get, in addition to those \
            that the monitor lists.
            """),
        "apiserverConfig": APIServerConfig.schema,
        "serviceDiscoveryRole": .choice(
            "The objects from which to discover the endpoints of Services. Defaults to Endpoints.",
            ["Endpoints", "EndpointSlice"]),
        "overrideHonorLabels": .boolean(
            """
            Whether to treat honorLabels as false in all monitors, so that targets cannot set the labels \
            that identify them. Defaults to false.
            """
        ),
        "overrideHonorTimestamps": .boolean(
            "Whether to treat honorTimestamps as false in all monitors. Defaults to false."),
        "ignoreNamespaceSelectors": .boolean(
            """
            Whether to ignore the namespace selectors of monitors, so that each discovers targets only in \
            its own namespace. Defaults to false.
            """),
        "arbitraryFSAccessThroughSMs": ArbitraryFSAccess.schema,
        "enforcedNamespaceLabel": Schema.labelName(
            """
            The label that holds the namespace of the monitor on all series that it scrapes, whatever its \
            relabeling rules say. Defaults to no label.
            """),
        "excludedFromEnforcement": .list(
            of: EnforcementExclusion.schema, max: 200,
            "Monitors whose targets do not get the label that enforcedNamespaceLabel names."),
        "enforcedSampleLimit": limit("The maximum number of samples in a scrape"),
        "enforcedTargetLimit": limit("The maximum number of targets of a monitor"),
        "enforcedLabelLimit": limit("The maximum number of labels of a sample"),
        "enforcedLabelNameLengthLimit": limit("The maximum length of a label name"),
        "enforcedLabelValueLengthLimit": limit("The maximum length of a label value"),
        "enforcedKeepDroppedTargets": limit(
            "The number of dropped targets of each monitor that Prometheus keeps in memory"),
        "enforcedBodySizeLimit": .byteSize(
            """
            The maximum size of a response, such as 50MB, even if monitors set a higher limit. Defaults to no \
            limit.
            """),
        "scrapeConfigs": .list(
            of: scrapeConfig, by: "job_name", max: 500,
            """
            Scrape configurations in the format of Prometheus, with its field names. They should not contain \
            credentials.
            """),
        "additionalScrapeConfigs": KeySelector.schema(
            "The Secret key with additional scrape configurations: a YAML list in the format of Prometheus."),
    ]

    private static let scrapeConfig = Schema.object(
        ["job_name": .text("The name of the job, unique in the object.", max: 512)], required: ["job_name"],
        description: "A scrape configuration in the format of Prometheus."
    ).with { $0.preservesUnknownFields = true }

    private static func limit(_ what: String) -> Schema {
        .largeCount("\(what), even if monitors set a higher one; 0 means no limit. Defaults to no limit.")
    }

    private static func selector(_ kind: String) -> Schema {
        LabelSelector.schema("Selects the \(kind) to scrape; an empty selector selects all. Defaults to none.")
    }

    private static func namespaceSelector(_ kind: String) -> Schema {
        LabelSelector.schema(
            """
            Selects the namespaces, by their labels, in which to look for \(kind); an empty selector selects \
            all. Defaults to the namespace of this object.
            """)
    }
}

extension Schema {
    /// The name of a label; empty for none.
    static func labelName(_ description: String) -> Schema {
        .string(description).with {
            $0.maxLength = 128
            $0.pattern = "^([a-zA-Z_][a-zA-Z0-9_]*)?$"
        }
    }
}
