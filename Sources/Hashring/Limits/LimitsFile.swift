public import Kube
public import OrderedCollections
import YAML

/// The file of `--receive.limits-config-file`: how much routers accept, in total and from each tenant
/// (`pkg/receive/limiter_config.go`, Thanos 0.43).
public struct LimitsFile: Sendable, Hashable {
    /// The limits of a tenant; nil inherits the default, 0 means no limit.
    public struct Limits: Sendable, Hashable {
        /// The bytes of the decompressed body of one request.
        public var requestBytes: Int?
        /// The series in one request.
        public var requestSeries: Int?
        /// The samples in one request.
        public var requestSamples: Int?
        /// The series in the heads of all receivers.
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

    /// The requests that are processed at a time, `max_concurrency`; nil or 0 means no limit.
    public var maxConcurrency: Int?
    /// The Prometheus API that has the number of series of each tenant; without it, head limits have no effect.
    public var metaMonitoringURL: String?
    /// The settings of its HTTP client as in the file: `meta_monitoring_http_client`.
    public var metaMonitoringHTTPClient: JSON?
    /// The query for it; nil means `sum(prometheus_tsdb_head_series) by (tenant)`.
    public var metaMonitoringLimitQuery: String?
    /// The limits of tenants without limits of their own.
    public var defaults: Limits
    /// The limits of tenants, by exact id.
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

    /// Whether the head series of any tenant are limited.
    public var limitsHeadSeries: Bool {
        (defaults.headSeries ?? 0) > 0 || tenants.values.contains { ($0.headSeries ?? 0) > 0 }
    }
}

// MARK: - Writing

extension LimitsFile {
    /// The text of the file; equal files give equal text, to the byte.
    public func encoded() -> String { YAML.write(json) }

    /// The content of the file.
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
