import Kube

extension PrometheusAgentSpec {
    static let rules: [CheckedRule<PrometheusAgentSpec>] = [
        .atMostOne(of: [.init("tenantRef") { $0.tenantRef != nil }, .init("tenantRefs") { $0.tenantRefs != nil }]),
        CheckedRule(
            """
            !has(self.remoteWrite) || self.remoteWrite.all(w, has(w.url) || (has(w.name) && \
            ((has(self.tenantRef) || has(self.tenantRefs)) && w.name == '\(PrometheusAgent.tenantRemoteWriteName)' || \
            has(self.tenantRefs) && w.name.startsWith('\(PrometheusAgent.tenantRemoteWriteName)/'))))
            """,
            "each entry should have a url, except those named \"tenant\" that tenantRef or tenantRefs complete",
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
            """
            should not contain the label by which tenantRefs tell tenants apart: it would assign all series \
            without that label to one tenant
            """,
            at: "externalLabels"
        ) { spec in
            spec.tenantRefs == nil || spec.externalLabels?[spec.tenantNamespaceLabel ?? "namespace"] == nil
        },
        CheckedRule(
            "!has(self.remoteWrite) || !self.remoteWrite.exists(w, \(isDouble))",
            "each name should be there once: Prometheus refuses duplicates", at: "remoteWrite"
        ) { spec in
            let names = (spec.remoteWrite ?? []).compactMap(\.name)
            return Set(names).count == names.count
        },
        CheckedRule(
            "!has(self.externalLabels) || self.externalLabels.all(k, k.matches('\(LabelNameSyntax.pattern)'))",
            "label names should have only letters, digits and underscores, and should not start with a digit",
            at: "externalLabels"
        ) { spec in (spec.externalLabels ?? [:]).keys.allSatisfy(LabelNameSyntax.isValid) },
        CheckedRule(
            """
            !has(self.scrapeTimeout) || self.scrapeTimeout.matches('[dwy]') || \
            (has(self.scrapeInterval) && self.scrapeInterval.matches('[dwy]')) || \
            duration(self.scrapeTimeout) <= duration(has(self.scrapeInterval) ? self.scrapeInterval : '30s')
            """,
            "should be at most scrapeInterval, which defaults to 30s", at: "scrapeTimeout",
            found: .init(cel: "'\"' + self.scrapeTimeout + '\"'") { "\"\($0.scrapeTimeout ?? "")\"" }
        ) { spec in
            let (timeout, interval) = (spec.scrapeTimeout ?? "0", spec.scrapeInterval ?? "30s")
            // `duration` in CEL does not read these units.
            guard !"\(timeout)\(interval)".contains(where: { "dwy".contains($0) }) else { return true }
            guard let timeout = DurationText.milliseconds(timeout), let interval = DurationText.milliseconds(interval)
            else { return true }
            return timeout <= interval
        },
        CheckedRule(
            "!has(self.scrapeClasses) || self.scrapeClasses.filter(c, has(c.default) && c.default).size() <= 1",
            "at most one class should be the default", at: "scrapeClasses"
        ) { spec in (spec.scrapeClasses ?? []).count { $0.default == true } <= 1 },
    ]

    private static let isDouble =
        "has(w.name) && !self.remoteWrite.exists_one(v, has(v.name) && v.name == w.name)"
}
