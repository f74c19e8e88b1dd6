public import Kube
public import OrderedCollections
import YAML

/// The file that `--receive.limits-config-file` names: how much routers take in, of all tenants and of each
/// (`pkg/receive/limiter_config.go`, Thanos 0.43).
public struct LimitsFile: Sendable, Hashable {
    /// Limits of a tenant; nil inherits the default, 0 is unlimited.
    public struct Limits: Sendable, Hashable {
        /// Bytes of one request's body, decompressed.
        public var requestBytes: Int?
        /// Series in one request.
        public var requestSeries: Int?
        /// Samples in one request.
        public var requestSamples: Int?
        /// Series in the heads of all receivers.
        public var headSeries: Int?

        /// Limits.
        public init(
            requestBytes: Int? = nil, requestSeries: Int? = nil, requestSamples: Int? = nil, headSeries: Int? = nil
        ) {
            self.requestBytes = requestBytes
            self.requestSeries = requestSeries
            self.requestSamples = requestSamples
            self.headSeries = headSeries
        }
    }

    /// Requests that are worked on at a time, `max_concurrency`; nil or 0 is unlimited.
    public var maxConcurrency: Int?
    /// The Prometheus API that knows how many series each tenant has; without it, head limits do nothing.
    public var metaMonitoringURL: String?
    /// How that is called, as it stands in the file: `meta_monitoring_http_client`.
    public var metaMonitoringHTTPClient: JSON?
    /// What it is asked; nil is `sum(prometheus_tsdb_head_series) by (tenant)`.
    public var metaMonitoringLimitQuery: String?
    /// The limits of tenants that have none of their own.
    public var defaults: Limits
    /// The limits of single tenants, by exact id.
    public var tenants: OrderedDictionary<String, Limits>

    /// A file; without arguments, nothing is limited.
    public init(
        maxConcurrency: Int? = nil, metaMonitoringURL: String? = nil, metaMonitoringHTTPClient: JSON? = nil,
        metaMonitoringLimitQuery: String? = nil, defaults: Limits = Limits(),
        tenants: OrderedDictionary<String, Limits> = [:]
    ) {
        self.maxConcurrency = maxConcurrency
        self.metaMonitoringURL = metaMonitoringURL
        self.metaMonitoringHTTPClient = metaMonitoringHTTPClient
        self.metaMonitoringLimitQuery = metaMonitoringLimitQuery
        self.defaults = defaults
        self.tenants = tenants
    }

    /// Whether some tenant's head series are limited.
    public var limitsHeadSeries: Bool {
        (defaults.headSeries ?? 0) > 0 || tenants.values.contains { ($0.headSeries ?? 0) > 0 }
    }
}

// MARK: - Writing

extension LimitsFile {
    /// The file's text: equal files give equal text, to the byte.
    public func encoded() -> String { YAML.write(json) }

    /// The file's content.
    public var json: JSON {
        var global: JSON.Members = [:]
        if let maxConcurrency { global["max_concurrency"] = JSON(maxConcurrency) }
        if let metaMonitoringURL { global["meta_monitoring_url"] = .string(metaMonitoringURL) }
        if let metaMonitoringHTTPClient { global["meta_monitoring_http_client"] = metaMonitoringHTTPClient }
        if let metaMonitoringLimitQuery { global["meta_monitoring_limit_query"] = .string(metaMonitoringLimitQuery) }
        var write: JSON.Members = [:]
        if !global.isEmpty { write["global"] = .object(global) }
        if defaults != Limits() { write["default"] = defaults.json }
        // A tenant without limits is written as an empty map: an empty entry would make receivers panic.
        if !tenants.isEmpty {
            write["tenants"] = .object(JSON.Members(uniqueKeysWithValues: tenants.map { ($0, $1.json) }))
        }
        return ["write": .object(write)]
    }
}

extension LimitsFile.Limits {
    var json: JSON {
        var request: JSON.Members = [:]
        if let requestBytes { request["size_bytes_limit"] = JSON(requestBytes) }
        if let requestSeries { request["series_limit"] = JSON(requestSeries) }
        if let requestSamples { request["samples_limit"] = JSON(requestSamples) }
        var members: JSON.Members = [:]
        if !request.isEmpty { members["request"] = .object(request) }
        if let headSeries { members["head_series_limit"] = JSON(headSeries) }
        return .object(members)
    }
}
