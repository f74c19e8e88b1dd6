import Kube

extension PrometheusSpec {
    static let rules: [CheckedRule<PrometheusSpec>] = [
        CheckedRule(
            "!has(self.externalLabels) || self.externalLabels.all(k, k.matches('\(LabelNameSyntax.pattern)'))",
            "label names should have only letters, digits and underscores, and should not start with a digit",
            at: "externalLabels"
        ) { spec in (spec.externalLabels ?? [:]).keys.allSatisfy(LabelNameSyntax.isValid) },
        CheckedRule(
            "!has(self.scrapeClasses) || self.scrapeClasses.filter(c, has(c.default) && c.default).size() <= 1",
            "at most one class should be the default", at: "scrapeClasses"
        ) { spec in (spec.scrapeClasses ?? []).count { $0.default == true } <= 1 },
        CheckedRule(
            """
            !has(self.additionalArgs) || !self.additionalArgs.exists(a, a.name in \
            [\(ownArguments.map { "'\($0)'" }.joined(separator: ","))])
            """,
            "should not contain arguments that Tributary sets itself", at: "additionalArgs"
        ) { spec in !(spec.additionalArgs ?? []).contains { ownArguments.contains($0.name) } },
    ]

    /// The arguments that Tributary sets itself, and those that only agents have.
    private static let ownArguments =
        PodFields.ownArguments
        + [
            "agent", "storage.tsdb.path", "storage.tsdb.retention.time", "storage.tsdb.retention.size",
            "storage.tsdb.retention", "storage.tsdb.wal-compression", "no-storage.tsdb.wal-compression",
            "web.page-title", "web.max-connections", "web.enable-remote-write-receiver",
            "no-web.enable-remote-write-receiver",
        ]

    static let schema = Schema.object(
        [
            "version": .version("The version of Prometheus. Defaults to \(DefaultImage.prometheus.version)."),
            "image": .image(
                """
                The image of Prometheus. Defaults to \(DefaultImage.prometheus.repository), tagged with the \
                version.
                """),
            "replicas": .count(
                """
                The number of Prometheus pods. Each pod stores all series: the relay behind the gateway sends every \
                write to all of them, and without a gateway agents write to each of them. Queries go to the pod that \
                has been ready the longest. Defaults to 1.
                """, from: 1, to: 10),
            "replicaPatience": .duration(
                """
                How long writes through the gateway wait for a replica that is down, before they go on without it. \
                Meanwhile agents keep their samples, and queries do not find new ones. Afterwards the replica has a \
                gap, which queries see only if they have to go to it. 0s never waits, and 4h is as long as agents keep \
                samples. Defaults to 5m.
                """),
            "retention": .duration("How long Prometheus keeps series. Defaults to 15d."),
            "retentionSize": .byteSize(
                """
                The largest size of the stored series, such as 400GB: Prometheus removes the oldest ones. Set it to \
                less than the volume, since the write-ahead log needs room as well. Defaults to no limit.
                """),
            "outOfOrderTimeWindow": .duration(
                """
                How much older than the newest sample of its series a sample can be; 0s refuses all older ones. An \
                agent that was disconnected sends its samples later than others. Defaults to 4h, the longest that \
                agents keep samples. Requires Prometheus >= 2.39.
                """),
            "externalLabels": .strings(
                """
                Labels to add to series and alerts that leave this Prometheus, by federation, remote read and \
                alerting. They are not added to what is stored.
                """),
            "enableFeatures": .set(
                of: .text("A feature.", max: 64, pattern: "^[-a-z0-9]+$"), max: 32,
                "Feature flags of Prometheus to enable, such as exemplar-storage."),
            "storage": StorageSpec.schema(
                """
                The volume of each pod, which stores the series. Defaults to an emptyDir, which is lost with its \
                pod.
                """),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of the Prometheus container. Defaults to requests of 100m CPU and 512Mi \
                memory, without limits.
                """),
            "writeIsolation": .choice(
                """
                How the label of a tenant gets onto what it writes through the gateway. Prometheus stores labels as \
                they are sent. Relay sends writes through a relay that all tenants share, which forces the label of the \
                tenant and returns the answer of Prometheus. Trusted forwards writes as they are: a tenant can write \
                series with the label of another; with several replicas, a relay still sends writes to all of them. \
                Takes effect with a gateway. Defaults to Relay.
                """, ["Relay", "Trusted"]),
            "relayResources": ResourceRequirements.schema(
                """
                The compute resources of each pod of the relay. Defaults to requests of 20m CPU and 32Mi memory and a \
                limit of 256Mi memory. With a lower limit, a write of the largest size ends the pod.
                """),
            "web": CentralWebSpec.schema,
            "alerting": AlertingSpec.schema,
            "servesFederate": .boolean(
                """
                Whether Prometheus servers elsewhere can pull series through the gateway, at /tenants/read/federate below \
                its prefix. They need the credential for reading of a Tenant, and get what that Tenant can read. \
                Requires gateway. Defaults to false.
                """),
            "federate": .list(
                of: FederationSpec.schema, by: "name", max: 100,
                "Prometheus servers that cannot push. Prometheus pulls their series from /federate and stores them."),
            "remoteRead": .list(
                of: RemoteReadSpec.schema, by: "name", max: 100,
                """
                Prometheus servers and other stores that Prometheus reads at query time. Their series are not \
                stored here.
                """),
        ],
        and: ScrapingFields.properties.merging(PodFields.properties) { own, _ in own },
        description: "A central Prometheus that receives remote writes. It scrapes only what its selectors say."
    ).with(rules: rules)
}
