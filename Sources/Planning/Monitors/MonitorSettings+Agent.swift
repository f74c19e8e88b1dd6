import Kube
import PrometheusConfig
import TributaryAPI

extension MonitorSettings {
    /// The settings of an agent that apply to its monitors. Throws ``FieldError`` for a scrape class that cannot be
    /// used.
    init(_ agent: PrometheusAgent, version: PrometheusVersion) throws(FieldError) {
        let spec = agent.spec
        self.init(version: version, agentNamespace: agent.metadata.namespace ?? "default")
        scrapeInterval = agent.scrapeInterval
        isNodeLocal = agent.isNodeLocal
        apiServer = spec.apiserverConfig.flatMap { try? JSON(encoding: $0) }?.droppingNulls
        overrideHonorLabels = spec.overrideHonorLabels ?? false
        overrideHonorTimestamps = spec.overrideHonorTimestamps ?? false
        ignoreNamespaceSelectors = spec.ignoreNamespaceSelectors ?? false
        deniesFileSystemAccess = spec.arbitraryFSAccessThroughSMs?.deny ?? false
        enforcedNamespaceLabel = spec.enforcedNamespaceLabel.flatMap { $0.isEmpty ? nil : $0 }
        if spec.tenantRefs != nil {
            // Neither a target nor a monitor that finds targets of others may decide which tenant a series belongs to.
            enforcedNamespaceLabel = agent.tenantNamespaceLabel
            enforcesNamespaceOnAllTargets = true
            ignoreNamespaceSelectors = true
        }
        excludedFromEnforcement = (spec.excludedFromEnforcement ?? []).map { exclusion in
            MonitorReference(
                group: exclusion.group ?? "monitoring.coreos.com", resource: exclusion.resource,
                namespace: exclusion.namespace, name: exclusion.name)
        }
        enforced.sample = Self.limit(spec.enforcedSampleLimit)
        enforced.target = Self.limit(spec.enforcedTargetLimit)
        enforced.label = Self.limit(spec.enforcedLabelLimit)
        enforced.labelNameLength = Self.limit(spec.enforcedLabelNameLengthLimit)
        enforced.labelValueLength = Self.limit(spec.enforcedLabelValueLengthLimit)
        enforced.keepDroppedTargets = Self.limit(spec.enforcedKeepDroppedTargets)
        enforced.bodySize = spec.enforcedBodySizeLimit
        podTargetLabels = spec.podTargetLabels ?? []
        prefersEndpointSlices = spec.serviceDiscoveryRole == "EndpointSlice"
        for (index, scrapeClass) in (spec.scrapeClasses ?? []).enumerated() {
            let path = FieldPath("spec.scrapeClasses").appending(index)
            guard let json = try? JSON(encoding: scrapeClass) else { continue }
            scrapeClasses.append(try ScrapeClassDefinition(json: json.droppingNulls, at: path))
        }
    }

    private static func limit(_ value: Int64?) -> Int? { value.map { Int(clamping: $0) } }
}
