import PrometheusConfig

/// A version of Thanos, whose numbers read and compare as those of Prometheus do.
typealias ThanosVersion = PrometheusVersion

/// A component of Thanos: the first argument of its command.
enum ThanosComponent: String, CaseIterable {
    case receive, query, store, compact
    case queryFrontend = "query-frontend"
}

/// The flags of Thanos that not every version since v0.31.0 takes. Thanos exits at once on a flag that it does not know.
///
/// The table is from the sources of v0.31.0 to v0.42.4; no patch release has added or removed a flag. What it does not list
/// every version takes.
enum ThanosFlags {
    /// The versions that take a flag.
    struct Span: Hashable {
        /// The first version that takes it; nil if v0.31.0 does.
        var since: ThanosVersion?
        /// The first version that no longer takes it; nil if the newest does.
        var until: ThanosVersion?

        /// Whether a version takes the flag. A version that is not known counts as the newest.
        func contains(_ version: ThanosVersion?) -> Bool {
            guard let version else { return until == nil }
            return since.map { version >= $0 } ?? true && until.map { version < $0 } ?? true
        }
    }

    /// The versions of a component that take a flag, given without its dashes.
    static func span(_ component: ThanosComponent, _ flag: some StringProtocol) -> Span {
        spans[component]?[String(flag)] ?? Span()
    }

    private static let spans: [ThanosComponent: [String: Span]] = {
        var spans: [ThanosComponent: [String: Span]] = [:]
        for row in since {
            for component in row.components {
                for flag in row.flags { spans[component, default: [:]][flag, default: Span()].since = row.version }
            }
        }
        for row in until {
            for component in row.components {
                for flag in row.flags { spans[component, default: [:]][flag, default: Span()].until = row.version }
            }
        }
        return spans
    }()

    private typealias Row = (version: ThanosVersion, components: [ThanosComponent], flags: [String])

    private static func row(_ minor: Int, _ components: [ThanosComponent], _ flags: String...) -> Row {
        (ThanosVersion(0, minor), components, flags)
    }

    /// The flags that a minor version introduced.
    private static let since: [Row] = [
        row(
            32, [.receive], "receive-forward-max-backoff", "receive.limits-config-reload-timer",
            "tsdb.too-far-in-future.time-window"),
        row(32, [.query], "query.default-tenant", "query.tenant-certificate-field", "query.tenant-header"),
        row(
            32, [.store], "bucket-web-label", "debug.estimated-max-chunk-size", "debug.estimated-max-series-size",
            "grpc-server-max-connection-age"),
        row(33, [.query], "query.default-tenant-id"),
        row(33, [.store], "store.enable-lazy-expanded-postings"),
        row(33, [.compact], "disable-admin-operations"),
        row(34, [.receive], "tsdb.max-retention-bytes"),
        row(34, [.query], "query.enable-x-functions", "query.enforce-tenancy", "query.tenant-label-name"),
        row(34, [.store], "store.index-header-lazy-download-strategy"),
        row(
            34, [.queryFrontend], "query-frontend.default-tenant-id", "query-frontend.enable-x-functions",
            "query-frontend.tenant-certificate-field", "query-frontend.tenant-header"),
        row(35, ThanosComponent.allCases, "auto-gomemlimit.ratio", "enable-auto-gomemlimit"),
        row(
            35, [.receive], "receive.forward.async-workers", "receive.split-tenant-label-name",
            "remote-write.client-tls-secure", "remote-write.client-tls-skip-verify"),
        row(35, [.query], "selector.relabel-config", "selector.relabel-config-file"),
        row(35, [.store, .compact], "block-discovery-strategy"),
        row(36, [.queryFrontend], "query-frontend.slow-query-logs-user-header"),
        row(37, [.receive, .query, .store], "grpc-server-tls-min-version"),
        row(
            37, [.receive], "enable-feature", "receive.capnproto-address", "receive.replication-protocol",
            "remote-write.server-tls-min-version"),
        row(37, [.query], "query.partition-label"),
        row(37, [.queryFrontend], "query-frontend.force-query-stats"),
        row(
            38, [.receive], "matcher-cache-size", "receive.grpc-service-config", "receive.otlp-enable-target-info",
            "receive.otlp-promote-resource-attributes", "tsdb.block.expanded-postings-cache-size",
            "tsdb.head.expanded-postings-cache-size"),
        row(
            38, [.query], "deduplication.func", "endpoint.sd-config", "endpoint.sd-config-file",
            "endpoint.sd-config-reload-interval", "query.distributed-with-overlapping-interval"),
        row(38, [.store], "matcher-cache-size", "store.posting-group-max-key-series-ratio"),
        row(
            39, [.receive], "compact.enable-vertical-compaction", "receive.lazy-retrieval-max-buffered-responses",
            "shipper.skip-corrupted-blocks"),
        row(39, [.query], "query.disable-fallback", "query.lazy-retrieval-max-buffered-responses"),
        row(39, [.store], "disable-admin-operations"),
        row(39, [.queryFrontend], "enable-feature"),
        row(40, [.query], "status.partial-response"),
        row(41, [.receive], "receive.artificial-max-delay", "shipper.upload-concurrency"),
        row(41, [.query], "inject-test-addresses"),
        row(42, [.receive, .query, .store], "grpc-server-tls-ciphers", "grpc-server-tls-curves"),
        row(
            42, [.receive], "remote-write.client-tls-min-version", "remote-write.server-tls-ciphers",
            "remote-write.server-tls-curves"),
        row(42, [.query], "grpc-client-tls-min-version"),
        row(42, [.store], "objstore-parquet.config", "objstore-parquet.config-file"),
        row(42, [.queryFrontend], "query.max-retries-per-request"),
    ]

    /// The flags that a minor version no longer takes.
    private static let until: [Row] = [
        row(33, [.query], "log.request.decision", "query.default-tenant"),
        row(33, [.queryFrontend], "log.request.decision"),
        row(38, [.query], "exemplar", "metadata", "rule", "store", "store-strict", "target"),
        row(42, [.receive], "shipper.ignore-unequal-block-size"),
        row(42, [.store], "debug.advertise-compatibility-label"),
    ]
}
