import Kube

extension AgentSections {
    /// The members of the file that the sections become.
    struct Written {
        /// The members of `global` other than limits and `scrape_protocols`.
        var global: JSON.Members = [:]
        /// The limits in `global`.
        var limits: JSON.Members = [:]
        var scrapeProtocols: JSON?
        var runtime: JSON?
        var storage: JSON?
        var otlp: JSON?
        var tracing: JSON?
        /// The omitted fields, with the reasons.
        var leftOut: [FieldError] = []
    }

    /// Writes the sections for a version of Prometheus.
    func written(for version: PrometheusVersion) -> Written {
        var result = Written()
        guard let spec = try? Fields(fields, at: FieldPath()) else { return result }
        let writer = SectionWriter(version: version)
        result.scrapeProtocols = protocols(spec, version, &result.leftOut)
        result.limits = limits(spec, version, &result.leftOut)
        result.global = writer.members(Self.globalRows, spec, &result.leftOut)
        result.runtime = writer.section(Self.runtimeRows, spec, "runtime", &result.leftOut)
        if let tsdb = writer.section(Self.tsdbRows, spec, "tsdb", &result.leftOut) { result.storage = ["tsdb": tsdb] }
        result.otlp = otlp(spec, writer, &result.leftOut)
        result.tracing = tracing(spec, writer, &result.leftOut)
        return result
    }

    private func protocols(_ spec: Fields, _ version: PrometheusVersion, _ leftOut: inout [FieldError]) -> JSON? {
        let path = spec.at("scrapeProtocols")
        let names = read(&leftOut) { () throws(FieldError) in try spec.strings("scrapeProtocols") } ?? []
        guard !names.isEmpty else { return nil }
        guard version >= PrometheusVersion(2, 49) else {
            leftOut.append(.needs(.init(2, 49), version, path))
            return nil
        }
        let known = names.filter { $0 != "PrometheusText1.0.0" || version.major >= 3 }
        if known.count < names.count {
            leftOut.append(FieldError(path, "PrometheusText1.0.0 \(version.needs(.init(3, 0)))"))
        }
        return known.isEmpty ? JSON?.none : JSON(known)
    }

    /// The lesser of the limit of the agent and the enforced one; 0 is unlimited.
    private func limits(
        _ spec: Fields, _ version: PrometheusVersion, _ leftOut: inout [FieldError]
    ) -> JSON.Members {
        var result: JSON.Members = [:]
        if let bodySize = bodySizeLimit(spec, &leftOut) {
            if version >= PrometheusVersion(2, 45) {
                result["body_size_limit"] = .string(bodySize)
            } else {
                leftOut.append(.needs(.init(2, 45), version, spec.at("bodySizeLimit")))
            }
        }
        for (name, most, since) in [
            ("sampleLimit", enforced.sample, PrometheusVersion(2, 45)), ("targetLimit", enforced.target, .init(2, 45)),
            ("labelLimit", enforced.label, .init(2, 45)),
            ("labelNameLengthLimit", enforced.labelNameLength, .init(2, 45)),
            ("labelValueLengthLimit", enforced.labelValueLength, .init(2, 45)),
            ("keepDroppedTargets", enforced.keepDroppedTargets, .init(2, 47)),
        ] {
            let own = read(&leftOut) { () throws(FieldError) in try spec.count(name) }
            guard let limit = [own, most].compactMap(\.self).filter({ $0 > 0 }).min() else { continue }
            if version >= since {
                result[FieldMapping.snakeCase(name)] = JSON(limit)
            } else {
                leftOut.append(.needs(since, version, spec.at(name)))
            }
        }
        return result
    }

    /// The size limit of the agent or, if it has none, the enforced one.
    private func bodySizeLimit(_ spec: Fields, _ leftOut: inout [FieldError]) -> String? {
        let own = read(&leftOut) { () throws(FieldError) in try spec.text("bodySizeLimit") }
        for (name, limit) in [("bodySizeLimit", own), ("enforcedBodySizeLimit", enforced.bodySize)] {
            guard let limit, !limit.isEmpty else { continue }
            if ByteSize.bytes(limit) != nil { return limit }
            leftOut.append(FieldError(spec.at(name), ByteSize.problem(limit)))
        }
        return nil
    }

    /// A field; nil if it has a bad value, which is recorded.
    private func read<T>(_ leftOut: inout [FieldError], _ body: () throws(FieldError) -> T?) -> T? {
        do throws(FieldError) { return try body() } catch {
            leftOut.append(error)
            return nil
        }
    }

    private func otlp(_ spec: Fields, _ writer: SectionWriter, _ leftOut: inout [FieldError]) -> JSON? {
        guard spec.has("otlp") else { return nil }
        guard writer.version >= PrometheusVersion(2, 55) else {
            leftOut.append(.needs(.init(2, 55), writer.version, spec.at("otlp")))
            return nil
        }
        var section = writer.section(Self.otlpRows, spec, "otlp", &leftOut)
        if section?["translation_strategy"] == "NoUTF8EscapingWithSuffixes",
            ((try? spec.text("nameValidationScheme")) ?? nil) == "Legacy"
        {
            section?["translation_strategy"] = nil
            leftOut.append(
                FieldError(
                    spec.at("otlp").appending("translationStrategy"),
                    "NoUTF8EscapingWithSuffixes cannot be set together with nameValidationScheme Legacy"))
        }
        return section?.object?.isEmpty == true ? nil : section
    }

    /// Prometheus refuses the section without an endpoint.
    private func tracing(_ spec: Fields, _ writer: SectionWriter, _ leftOut: inout [FieldError]) -> JSON? {
        guard spec.has("tracingConfig") else { return nil }
        guard writer.version >= PrometheusVersion(2, 34) else {
            leftOut.append(.needs(.init(2, 34), writer.version, spec.at("tracingConfig")))
            return nil
        }
        guard var section = writer.section(Self.tracingRows, spec, "tracingConfig", &leftOut),
            section["endpoint"] != nil
        else { return nil }
        if let tls = tracingTLS {
            var members = tls.json.object ?? [:]
            for (key, since) in RemoteWrite.TLS.since where writer.version < since && members[key] != nil {
                members[key] = nil
                leftOut.append(.needs(since, writer.version, spec.at("tracingConfig").appending("tlsConfig.\(key)")))
            }
            section["tls_config"] = .object(members)
        }
        return section
    }
}

/// Writes sections of the file by their tables.
private struct SectionWriter {
    let version: PrometheusVersion

    func members(_ table: [FieldMapping], _ fields: Fields, _ leftOut: inout [FieldError]) -> JSON.Members {
        var writer = ConfigWriter(version)
        var context = MappingContext(
            version: version, namespace: "", credentials: CredentialResolver { _ in .missing("refers to no Secret") })
        table.writeValid(fields, to: &writer, &context)
        leftOut += writer.leftOut
        return writer.members
    }

    /// A section; nil if it is absent or empty.
    func section(
        _ table: [FieldMapping], _ spec: Fields, _ name: String, _ leftOut: inout [FieldError]
    ) -> JSON? {
        do throws(FieldError) {
            guard let fields = try spec.object(name) else { return nil }
            let members = members(table, fields, &leftOut)
            return members.isEmpty ? JSON?.none : .object(members)
        } catch {
            leftOut.append(error)
            return nil
        }
    }
}
