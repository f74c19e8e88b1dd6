import Kube

extension PrometheusAgentSpec {
    /// The schemas of the settings that apply to all jobs.
    static let globalProperties: Schema.Properties = [
        "scrapeProtocols": .set(
            of: .choice("A format.", ScrapeClassSpec.protocols), max: 5,
            "The formats in which to request metrics, in order of preference. Requires Prometheus >= 2.49."
        ).with { $0.minItems = 1 },
        "bodySizeLimit": .byteSize(
            """
            The maximum size of a response, such as 10MB, for jobs without a limit of their own. Requires \
            Prometheus >= 2.45.
            """),
        "sampleLimit": .largeCount("The maximum number of samples in a scrape, for jobs without a limit of their own."),
        "targetLimit": .largeCount("The maximum number of targets of a job, for jobs without a limit of their own."),
        "labelLimit": .largeCount("The maximum number of labels of a sample, for jobs without a limit of their own."),
        "labelNameLengthLimit": .largeCount(
            "The maximum length of a label name in bytes, for jobs without a limit of their own."),
        "labelValueLengthLimit": .largeCount(
            "The maximum length of a label value in bytes, for jobs without a limit of their own."),
        "keepDroppedTargets": .largeCount(
            """
            The number of dropped targets of each job that Prometheus keeps in memory; 0 means all. Requires \
            Prometheus >= 2.47.
            """),
        "scrapeFailureLogFile": .text(
            "The file to which Prometheus logs failed scrapes. Requires Prometheus >= 2.55.", max: 4096),
        "nameValidationScheme": .choice(
            "Which names metrics and labels may have. Defaults to UTF8 since Prometheus 3.0.", ["UTF8", "Legacy"]),
        "nameEscapingScheme": .choice(
            """
            How Prometheus asks targets to escape names that are not legacy names. Defaults to AllowUTF8. \
            Requires Prometheus >= 3.4.
            """,
            ["AllowUTF8", "Underscores", "Dots", "Values"]),
        "convertClassicHistogramsToNHCB": .boolean(
            """
            Whether to convert classic histograms to native histograms with custom buckets. Defaults to \
            false. Requires Prometheus >= 3.4.
            """),
        "scrapeNativeHistograms": .boolean(
            "Whether to scrape native histograms. Defaults to false. Requires Prometheus >= 3.8."),
        "scrapeClassicHistograms": .boolean(
            """
            Whether to scrape classic histograms that are also exposed as native histograms. Defaults to \
            false. Requires Prometheus >= 3.5.
            """),
        "enableFeatures": .set(
            of: .text("A feature.", max: 64, pattern: "^[-a-z0-9]+$"), max: 32,
            "Feature flags of Prometheus to enable, such as exemplar-storage."),
        "enableOTLPReceiver": .boolean(
            """
            Whether the agent receives metrics over OTLP. Defaults to true if otlp is set. Requires \
            Prometheus >= 2.47.
            """),
        "runtime": RuntimeConfig.schema,
        "tsdb": TSDBSpec.schema,
        "otlp": OTLPConfig.schema,
        "tracingConfig": TracingConfig.schema,
    ]
}
