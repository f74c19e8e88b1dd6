import Kube

extension ConfigWriter {
    /// Writes the limits of a job: the lesser of the limit of the monitor and the enforced one.
    ///
    /// If the monitor has no limit, or 0, which means unlimited, the enforced limit in `global` applies, from Prometheus
    /// 2.45 on.
    mutating func setLimits(_ spec: Fields, _ settings: MonitorSettings) throws(FieldError) {
        let enforced = settings.enforced
        let limits: [(field: String, key: String, enforced: Int?, since: PrometheusVersion)] = [
            ("sampleLimit", "sample_limit", enforced.sample, .init(2, 0)),
            ("targetLimit", "target_limit", enforced.target, .init(2, 21)),
            ("labelLimit", "label_limit", enforced.label, .init(2, 27)),
            ("labelNameLengthLimit", "label_name_length_limit", enforced.labelNameLength, .init(2, 27)),
            ("labelValueLengthLimit", "label_value_length_limit", enforced.labelValueLength, .init(2, 27)),
            ("keepDroppedTargets", "keep_dropped_targets", enforced.keepDroppedTargets, .init(2, 47)),
        ]
        for limit in limits {
            let own = try spec.count(limit.field)
            set(
                limit.key, effective(own, limit.enforced).map { JSON($0) }, since: limit.since, at: spec.at(limit.field)
            )
        }
    }

    private func effective(_ own: Int?, _ enforced: Int?) -> Int? {
        guard let enforced, enforced > 0 else { return own }
        guard let own, own > 0 else { return version >= .init(2, 45) ? nil : enforced }
        return min(own, enforced)
    }

    /// Writes `body_size_limit`: the lesser of the limit of the monitor and the enforced one.
    mutating func setBodySizeLimit(_ spec: Fields, _ settings: MonitorSettings) throws(FieldError) {
        let path = spec.at("bodySizeLimit")
        var limit = try spec.text("bodySizeLimit")
        var bytes = Double.infinity
        if let limit {
            guard let own = ByteSize.bytes(limit) else { throw FieldError(path, ByteSize.problem(limit)) }
            bytes = own
        }
        if let enforced = settings.enforced.bodySize, !enforced.isEmpty {
            // Without a readable limit nothing would be enforced.
            guard let most = ByteSize.bytes(enforced) else {
                throw FieldError(
                    FieldPath("spec"), "the agent's enforcedBodySizeLimit: \(ByteSize.problem(enforced))")
            }
            if bytes > most { limit = enforced }
        }
        set("body_size_limit", limit.map { JSON($0) }, since: .init(2, 28), at: path)
    }
}
