import Hashring
import Kube
import PlanningInput
import TributaryAPI
import YAML

/// The limits file of a global view: how much its routers accept from each tenant.
///
/// Routers reload it when it changes, but forget some limits only when they restart (`pkg/receive/limiter.go`,
/// Thanos 0.43). So limits that are removed are overwritten with limits that no request reaches.
struct LimitsPlan {
    /// The text to publish; nil if nothing is limited and no pod mounts the file.
    private(set) var text: String?
    /// The ids whose limits stay when their Tenants are deleted.
    private(set) var retained: [String] = []
    private(set) var diagnostics: [Diagnostic] = []

    private let view: ThanosView
    private static let field = "spec.thanos.limits"
    /// The limit of a ConfigMap, with some room.
    private static let mostBytes = 1_000_000

    init(_ view: ThanosView) {
        self.view = view
        let thanos = view.spec
        let published = view.snapshot.publishedLimits[view.resource.limitsKey]
        var file = LimitsFile(
            maxConcurrency: thanos.limits?.global?.maxConcurrency.flatMap { $0 > 0 ? $0 : nil },
            metaMonitoringURL: thanos.limits?.global?.metaMonitoringURL,
            metaMonitoringLimitQuery: thanos.limits?.global?.metaMonitoringLimitQuery,
            defaults: LimitsFile.Limits(thanos.limits?.defaults), tenants: [:])
        var tenants = Dictionary(view.servedWithLimits.map { ($0.id, LimitsFile.Limits($0.spec.limits)) }) { first, _ in
            first
        }
        keepPublished(published, &tenants)
        for (id, limits) in tenants.sorted(by: { $0.key < $1.key }) {
            var limits = limits
            // Without a URL head series are not counted, and receivers panic on a file that limits them and has lost
            // its URL.
            if file.metaMonitoringURL == nil { limits.headSeries = nil }
            if limits != LimitsFile.Limits() { file.tenants[id] = limits }
        }
        Self.undo(published?.file, in: &file)
        Self.startCounting(&file)
        // Routers that Tributary runs mount the file and do not start without it.
        let isMounted = published != nil || thanos.hasRouter
        guard file != LimitsFile() || isMounted else { return }
        publish(file, over: published)
    }

    // MARK: - Tenants

    /// Keeps the limits of tenants that have become invalid, and of deleted tenants whose limits stay.
    private mutating func keepPublished(
        _ published: PublishedLimits?, _ tenants: inout [String: LimitsFile.Limits]
    ) {
        for (id, limits) in published?.file?.tenants ?? [:] where tenants[id] == nil {
            if let tenant = view.tenant(withID: id) {
                if !view.serves(tenant) { tenants[id] = limits }
            } else if published?.retained.contains(id) == true {
                tenants[id] = limits
            }
        }
        retained = tenants.keys.filter { id in view.tenant(withID: id)?.isRetained ?? true }
            .sorted()
    }

    // MARK: - What routers do not forget

    /// Overwrites published limits that are no longer wanted.
    private static func undo(_ previous: LimitsFile?, in file: inout LimitsFile) {
        guard let previous else { return }
        if (previous.maxConcurrency ?? 0) > 0, file.maxConcurrency == nil { file.maxConcurrency = Int(Int32.max) }
        if previous.limitsHeadSeries, previous.metaMonitoringURL != nil, !file.limitsHeadSeries {
            file.defaults.headSeries = Int(Int64.max)
            if file.metaMonitoringURL == nil {
                file.metaMonitoringURL = previous.metaMonitoringURL
                file.metaMonitoringLimitQuery = previous.metaMonitoringLimitQuery
            }
        }
    }

    /// Makes routers count the series of each tenant from the start, even though none is limited yet. Otherwise they
    /// would need a restart for the first limit. They count if the file names any tenant.
    private static func startCounting(_ file: inout LimitsFile) {
        guard file.metaMonitoringURL != nil, file.tenants.isEmpty, !file.limitsHeadSeries else { return }
        file.tenants["default-tenant"] = LimitsFile.Limits()
    }

    // MARK: - Publishing

    /// Takes the new text if Thanos accepts it, and keeps the old text otherwise.
    private mutating func publish(_ file: LimitsFile, over published: PublishedLimits?) {
        text = published?.text
        let new = file.encoded()
        guard new != text else { return }
        do throws(YAMLError) {
            let findings = try LimitsFile.read(Array(new.utf8), previous: published?.file).findings.map(\.finding)
            for finding in findings where finding.severity == .error {
                diagnostics.append(.error(view.about, Self.field, "LimitsInvalid", "\(finding)"))
            }
        } catch {
            diagnostics.append(.error(view.about, Self.field, "LimitsInvalid", error.reason))
        }
        if new.utf8.count > Self.mostBytes {
            diagnostics.append(
                .error(
                    view.about, Self.field, "LimitsTooLarge",
                    "the limits file would have \(new.utf8.count) bytes, more than the \(Self.mostBytes) that "
                        + "fit into a ConfigMap; set limits on fewer Tenants"))
        }
        guard diagnostics.isEmpty else { return }
        if published != nil, file.metaMonitoringURL != nil, published?.file?.metaMonitoringURL == nil {
            diagnostics.append(
                .warning(
                    view.about, "\(Self.field).global.metaMonitoringURL", "RestartNeeded",
                    "routers that were started without it do not count head series until they restart"))
        }
        text = new
    }
}

extension LimitsPlan {
    /// The ConfigMap; nil if there is no file.
    var object: Object? {
        text.map { text in
            view.owner.object(
                .configMaps, view.resource.limitsConfigMapName,
                labels: view.owner.labels("limits", program: ThanosNames.receiveProgram),
                annotations: retained.isEmpty ? [:] : [Names.retainedAnnotation: retained.joined(separator: ",")],
                ["data": [GlobalView.limitsFileName: JSON(text)]])
        }
    }

    /// The readiness of a stalled plan; nil if there is no error.
    var readiness: Readiness? {
        diagnostics.first { $0.severity == .error }.map { .stalled($0.reason, $0.text) }
    }
}

extension LimitsFile.Limits {
    /// The limits of a Tenant or a GlobalView. Absent limits are inherited.
    init(_ spec: LimitsSpec?) {
        let size: Int? =
            switch spec?.requests?.sizeBytesLimit {
            case .int(let bytes)?: Int(bytes)
            // A fraction of a byte is rounded up; receivers would cut it off.
            case .string(let text)?: Quantity(text).map { Int($0.value) }
            case nil: nil
            }
        self.init(
            requestBytes: size, requestSeries: spec?.requests?.seriesLimit.map { Int($0) },
            requestSamples: spec?.requests?.samplesLimit.map { Int($0) },
            headSeries: spec?.headSeriesLimit.map { Int($0) })
    }
}
