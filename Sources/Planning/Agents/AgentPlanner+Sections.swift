import Kube
import PrometheusConfig
import TributaryAPI

extension AgentPlanner {
    /// The settings of an agent's file that apply to all jobs, besides intervals and labels. Tracing without its
    /// certificates is left out and reported, since no metric depends on it.
    mutating func sections(_ sources: inout CredentialSources) -> AgentSections {
        let spec = agent.spec
        var fields: JSON = [:]
        func set(_ name: String, _ value: JSON?) {
            if let value { fields[name] = value }
        }
        set("scrapeProtocols", spec.scrapeProtocols.map { JSON($0) })
        set("bodySizeLimit", spec.bodySizeLimit.map(JSON.string))
        for (name, limit) in [
            ("sampleLimit", spec.sampleLimit), ("targetLimit", spec.targetLimit), ("labelLimit", spec.labelLimit),
            ("labelNameLengthLimit", spec.labelNameLengthLimit),
            ("labelValueLengthLimit", spec.labelValueLengthLimit), ("keepDroppedTargets", spec.keepDroppedTargets),
        ] {
            set(name, limit.map(JSON.int))
        }
        if let file = spec.scrapeFailureLogFile, !file.contains("/") {
            sources.files.makeRoom(at: AgentSections.logFolder)
        }
        set("scrapeFailureLogFile", spec.scrapeFailureLogFile.map(JSON.string))
        set("nameValidationScheme", spec.nameValidationScheme.map(JSON.string))
        set("nameEscapingScheme", spec.nameEscapingScheme.map(JSON.string))
        set("convertClassicHistogramsToNHCB", spec.convertClassicHistogramsToNHCB.map(JSON.bool))
        set("scrapeNativeHistograms", spec.scrapeNativeHistograms.map(JSON.bool))
        set("scrapeClassicHistograms", spec.scrapeClassicHistograms.map(JSON.bool))
        set("runtime", spec.runtime.flatMap { try? JSON(encoding: $0) })
        set("tsdb", spec.tsdb.flatMap { try? JSON(encoding: $0) })
        set("otlp", spec.otlp.flatMap { try? JSON(encoding: $0) })
        var tls: RemoteWrite.TLS?
        if let config = spec.tracingConfig?.tlsConfig {
            sources.mount(config)
            do throws(FieldError) {
                tls = try sources.loadedTLS(config, at: "tlsConfig")
            } catch {
                _ = sources.takeMissing()
                missing.add([error], at: FieldPath("spec.tracingConfig"))
            }
        }
        if tls != nil || spec.tracingConfig?.tlsConfig == nil {
            set("tracingConfig", spec.tracingConfig.flatMap { try? JSON(encoding: $0) })
        }
        return AgentSections(fields, enforced: EnforcedLimits(spec), tracingTLS: tls)
    }
}

extension EnforcedLimits {
    /// The limits that an agent sets for all of its jobs.
    init(_ spec: PrometheusAgentSpec) {
        func limit(_ value: Int64?) -> Int? { value.map { Int(clamping: $0) } }
        self.init()
        sample = limit(spec.enforcedSampleLimit)
        target = limit(spec.enforcedTargetLimit)
        label = limit(spec.enforcedLabelLimit)
        labelNameLength = limit(spec.enforcedLabelNameLengthLimit)
        labelValueLength = limit(spec.enforcedLabelValueLengthLimit)
        keepDroppedTargets = limit(spec.enforcedKeepDroppedTargets)
        bodySize = spec.enforcedBodySizeLimit
    }
}
