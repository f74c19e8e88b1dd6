public import Kube

extension PrometheusAgentSpec {
    static let rules: [CheckedRule<PrometheusAgentSpec>] = [
        CheckedRule(
            "has(self.tenantRef) || has(self.tenantRefs) || (has(self.remoteWrite) && self.remoteWrite.size() > 0)",
            "at least one of \"tenantRef\", \"tenantRefs\" and \"remoteWrite\" should be set: an agent keeps nothing itself"
        ) { $0.tenantRef != nil || $0.tenantRefs != nil || $0.remoteWrite?.isEmpty == false },
        .atMostOne(of: [.init("tenantRef") { $0.tenantRef != nil }, .init("tenantRefs") { $0.tenantRefs != nil }]),
        CheckedRule(
            """
            !has(self.remoteWrite) || self.remoteWrite.all(w, has(w.url) || (has(w.name) && \
            ((has(self.tenantRef) || has(self.tenantRefs)) && w.name == '\(PrometheusAgent.tenantRemoteWriteName)' || \
            has(self.tenantRefs) && w.name.startsWith('\(PrometheusAgent.tenantRemoteWriteName)/'))))
            """,
            "each entry should have a url, but for those named \"tenant\" that tenantRef or tenantRefs complete",
            at: "remoteWrite"
        ) { spec in
            (spec.remoteWrite ?? []).allSatisfy { write in
                let name = write.name ?? ""
                return write.url != nil
                    || (spec.tenantRef != nil || spec.tenantRefs != nil)
                        && name == PrometheusAgent.tenantRemoteWriteName
                    || spec.tenantRefs != nil && name.hasPrefix("\(PrometheusAgent.tenantRemoteWriteName)/")
            }
        },
        CheckedRule(
            """
            !has(self.tenantRefs) || !has(self.externalLabels) || \
            !((has(self.tenantNamespaceLabel) ? self.tenantNamespaceLabel : 'namespace') in self.externalLabels)
            """,
            "should not have the label by which tenantRefs tell tenants apart: series without it would all be one tenant's",
            at: "externalLabels"
        ) { spec in
            spec.tenantRefs == nil || spec.externalLabels?[spec.tenantNamespaceLabel ?? "namespace"] == nil
        },
        CheckedRule(
            "!has(self.remoteWrite) || !self.remoteWrite.exists(w, \(isDouble))",
            "each name should be there once: Prometheus refuses two of the same", at: "remoteWrite"
        ) { spec in
            let names = (spec.remoteWrite ?? []).compactMap(\.name)
            return Set(names).count == names.count
        },
        CheckedRule(
            "!has(self.externalLabels) || self.externalLabels.all(k, \(isLabel))",
            "names of labels should have letters, digits and underscores, and begin with no digit", at: "externalLabels"
        ) { spec in (spec.externalLabels ?? [:]).keys.allSatisfy(isLabelName) },
        CheckedRule(
            """
            !has(self.scrapeTimeout) || self.scrapeTimeout.matches('[dwy]') || \
            (has(self.scrapeInterval) && self.scrapeInterval.matches('[dwy]')) || \
            duration(self.scrapeTimeout) <= duration(has(self.scrapeInterval) ? self.scrapeInterval : '30s')
            """,
            "should be at most scrapeInterval, which is 30s where it is not set", at: "scrapeTimeout",
            found: .init(cel: "'\"' + self.scrapeTimeout + '\"'") { "\"\($0.scrapeTimeout ?? "")\"" }
        ) { spec in
            let times = [spec.scrapeTimeout ?? "0", spec.scrapeInterval ?? "30s"]
            guard !times.contains(where: { $0.contains { "dwy".contains($0) } }) else { return true }
            return milliseconds(times[0]) <= milliseconds(times[1])
        },
        CheckedRule(
            "!has(self.scrapeClasses) || self.scrapeClasses.filter(c, has(c.default) && c.default).size() <= 1",
            "at most one class should be the default", at: "scrapeClasses"
        ) { spec in (spec.scrapeClasses ?? []).count { $0.default == true } <= 1 },
    ]

    private static let isDouble =
        "has(w.name) && !self.remoteWrite.exists_one(v, has(v.name) && v.name == w.name)"
    private static let isLabel = "k.matches('^[a-zA-Z_][a-zA-Z0-9_]*$')"

    private static func isLabelName(_ name: String) -> Bool {
        guard let first = name.utf8.first else { return false }
        func isWord(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "_") || (byte < 128 && Unicode.Scalar(byte).properties.isAlphabetic) || isDigit(byte)
        }
        return !isDigit(first) && name.utf8.allSatisfy(isWord)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// A duration of hours, minutes, seconds and milliseconds, which the schema's pattern has accepted.
    private static func milliseconds(_ text: String) -> Int {
        let units = ["h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1]
        var total = 0
        var rest = text[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !$0.isNumber }
            rest = rest.dropFirst(max(unit.count, digits.isEmpty ? 1 : 0))
            let (product, overflow) = (Int(digits) ?? 0).multipliedReportingOverflow(by: units[String(unit)] ?? 0)
            total = overflow ? .max : total.addingReportingOverflow(product).partialValue
        }
        return total
    }
}
