import Kube

extension JobWriter {
    /// Writes the limits of a job: the monitor's, as far as the agent's enforced ones allow.
    ///
    /// Where the monitor has none, an enforced limit stands in `global` only. A monitor's 0 says none, so that the
    /// enforced one holds.
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

    /// Writes `body_size_limit`: the monitor's, as far as the agent's enforced one allows, else the enforced one.
    mutating func setBodySizeLimit(_ spec: Fields, _ settings: MonitorSettings) throws(FieldError) {
        let path = spec.at("bodySizeLimit")
        let own = try spec.text("bodySizeLimit")
        let ownBytes = own.map { ByteSize.bytes($0) }
        if let own, ownBytes == .some(nil) {
            throw FieldError(path, "\"\(own)\" is no size, such as 512KB or 10MiB")
        }
        var limit = own
        if let enforced = settings.enforced.bodySize, !enforced.isEmpty {
            let most = ByteSize.bytes(enforced) ?? 0
            if let bytes = ownBytes ?? nil, bytes <= most { limit = own } else { limit = enforced }
        }
        set("body_size_limit", limit.map { JSON($0) }, since: .init(2, 28), at: path)
    }
}

/// A number of bytes as Prometheus writes it.
enum ByteSize {
    /// The bytes of `0`, `512KB`, `1.5GiB`; units are powers of 1024 with and without `i`. Nil for anything else.
    static func bytes(_ text: String) -> Double? {
        if text == "0" { return 0 }
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count)
        guard let value = Double(number), value.isFinite, number.last != ".", unit.hasSuffix("B") else { return nil }
        var prefix = unit.dropLast()
        if prefix.last == "i" { prefix = prefix.dropLast() }
        if prefix.isEmpty { return unit == "B" ? value : nil }
        guard prefix.count == 1, let power = Array("KMGTP").firstIndex(of: prefix[prefix.startIndex]) else {
            return nil
        }
        return (0...power).reduce(value) { size, _ in size * 1024 }
    }
}
