import Kube

extension PrometheusAgentSpec {
    /// The schemas of what stands in the file for all jobs.
    static let globalProperties: Schema.Properties = [
        "scrapeProtocols": .set(
            of: .choice("A format.", ScrapeClassSpec.protocols), max: 5,
            "The formats in which targets are asked for metrics, the preferred first. Prometheus 2.49."
        ).with { $0.minItems = 1 },
        "bodySizeLimit": .byteSize(
            "How large a response may be, such as 10MB, for jobs without a limit of their own. Prometheus 2.45."),
        "sampleLimit": .largeCount("How many samples a scrape may give, for jobs without a limit of their own."),
        "targetLimit": .largeCount("How many targets a job may have, for jobs without a limit of their own."),
        "labelLimit": .largeCount("How many labels a sample may have, for jobs without a limit of their own."),
        "labelNameLengthLimit": .largeCount(
            "How long a label's name may be, in bytes, for jobs without a limit of their own."),
        "labelValueLengthLimit": .largeCount(
            "How long a label's value may be, in bytes, for jobs without a limit of their own."),
        "keepDroppedTargets": .largeCount(
            "How many dropped targets of a job are kept in memory to be shown; 0 is all. Prometheus 2.47."),
        "scrapeFailureLogFile": .text("The file to which failed scrapes are logged. Prometheus 2.55.", max: 4096),
        "nameValidationScheme": .choice(
            "Which names metrics and labels may have. Defaults to UTF8 from Prometheus 3.0.", ["UTF8", "Legacy"]),
        "nameEscapingScheme": .choice(
            "How names that are not legacy ones are asked for. Defaults to AllowUTF8. Prometheus 3.4.",
            ["AllowUTF8", "Underscores", "Dots", "Values"]),
        "convertClassicHistogramsToNHCB": .boolean(
            """
            Whether classic histograms become native ones with buckets of their own. Defaults to false. Prometheus 3.4.
            """),
        "scrapeNativeHistograms": .boolean(
            "Whether native histograms are scraped. Defaults to false. Prometheus 3.8."),
        "scrapeClassicHistograms": .boolean(
            "Whether classic histograms are scraped where there are native ones. Defaults to false. Prometheus 3.5."),
        "enableFeatures": .set(
            of: .text("A feature.", max: 64, pattern: "^[-a-z0-9]+$"), max: 32,
            "Features of Prometheus that are on by a flag only, such as exemplar-storage."),
        "enableOTLPReceiver": .boolean(
            "Whether the agent takes in metrics by OTLP. Defaults to whether otlp is set. Prometheus 2.47."),
        "runtime": RuntimeConfig.schema,
        "tsdb": TSDBSpec.schema,
        "otlp": OTLPConfig.schema,
        "tracingConfig": TracingConfig.schema,
    ]
}
