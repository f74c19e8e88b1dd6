import PrometheusConfig
import TributaryAPI

extension AgentArguments {
    /// Adds the arguments that an agent's remote writes, OTLP settings and features need.
    mutating func follow(_ spec: PrometheusAgentSpec, for version: PrometheusVersion) {
        receivesOTLP = spec.enableOTLPReceiver ?? (spec.otlp != nil)
        // Remote write 2.0 carries metadata, which these versions keep with samples only if asked to.
        let sendsSecond = (spec.remoteWrite ?? []).contains { $0.messageVersion == "V2.0" }
        if sendsSecond, version >= PrometheusVersion(2, 54), version < PrometheusVersion(3, 4) {
            features.append("metadata-wal-records")
        }
        features += spec.enableFeatures ?? []
        if spec.tsdb?.chunkEncoding?.floats == "Xor2", version >= PrometheusVersion(3, 13) {
            features.append("xor2-encoding")
        }
    }
}
