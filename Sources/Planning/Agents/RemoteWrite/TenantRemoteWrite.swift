import TributaryAPI

/// The remote write that a tenant gives to its agents, and how an agent's own entry of that name extends it.
struct TenantRemoteWrite {
    var id: String
    var url: String
    /// The URLs of further replicas, which get the same series.
    var replicas: [String] = []
    /// The label that assigns each series to the tenant.
    var label: String
    /// Whether the label alone tells the tenants of the global view apart.
    var isToldByLabel: Bool
    /// The header that the agent sends with the tenant's id; nil for none.
    var header: String?
    /// The files of the credential for the gateway, and of the authorities of what is written to; nil for neither.
    var files: (credential: String?, authorities: String?)?

    /// The entries, the tenant's first. Settings of the agent's entry of the tenant's name are kept, except for the
    /// header, which the tenant sets, and the URL if the entry has none.
    func merged(into writes: [RemoteWriteSpec]) -> [RemoteWriteSpec] {
        let name = PrometheusAgent.tenantRemoteWriteName
        var own = writes.first { $0.name == name } ?? RemoteWriteSpec(name: name)
        complete(&own)
        if isToldByLabel { own.writeRelabelConfigs = (own.writeRelabelConfigs ?? []) + labelRules }
        return copies(of: own, writes.first { $0.name == name }) + writes.filter { $0.name != name }
    }

    /// The entries of one tenant among several: they send the series of some namespaces only. They extend the agent's entry
    /// of this name, or else the one that all of its tenants share.
    ///
    /// The series are selected before any other rule can change their labels, and get the tenant's label after all
    /// others.
    func entries(
        _ name: String, of namespaces: [String], by namespaceLabel: String, merging writes: [RemoteWriteSpec]
    ) -> [RemoteWriteSpec] {
        let shared = writes.first { $0.name == PrometheusAgent.tenantRemoteWriteName }
        var own = writes.first { $0.name == name } ?? shared ?? RemoteWriteSpec(name: name)
        own.name = name
        complete(&own)
        let keep = RelabelConfigSpec(
            sourceLabels: [namespaceLabel], regex: namespaces.sorted().joined(separator: "|"), action: "keep")
        own.writeRelabelConfigs = [keep] + (own.writeRelabelConfigs ?? []) + labelRules
        return copies(of: own, writes.first { $0.name == name } ?? shared)
    }

    /// An entry, and the same for each further replica, with queues of their own: a replica that is down holds up no other.
    /// An agent's own URL is another destination, which has no replicas.
    private func copies(of entry: RemoteWriteSpec, _ given: RemoteWriteSpec?) -> [RemoteWriteSpec] {
        guard given?.url?.isEmpty ?? true else { return [entry] }
        return [entry]
            + replicas.enumerated().map { index, url in
                var copy = entry
                copy.name = "\(entry.name ?? PrometheusAgent.tenantRemoteWriteName)/replica-\(index + 1)"
                copy.url = url
                return copy
            }
    }

    private func complete(_ write: inout RemoteWriteSpec) {
        let isElsewhere = !(write.url?.isEmpty ?? true)
        if !isElsewhere { write.url = url }
        if let files {
            if let credential = files.credential, !write.authenticates {
                write.authorization = AuthorizationSpec(credentialsFile: credential)
            }
            // Without a gateway, the authorities are those of this URL alone.
            let isTrusted = files.credential != nil || !isElsewhere
            if isTrusted, let authorities = files.authorities, write.tlsConfig?.trusts != true {
                if write.tlsConfig == nil { write.tlsConfig = TLSConfig(caFile: authorities) }
                write.tlsConfig?.caFile = authorities
            }
        }
        guard let header else { return }
        // Header names are case-insensitive: another spelling would be sent as well, and perhaps first.
        let others = (write.headers ?? [:]).filter { $0.key.lowercased() != header.lowercased() }
        write.headers = others.merging([header: id]) { _, tenant in tenant }
    }

    private var labelRules: [RelabelConfigSpec] { TenantLabelRules(label: label, id: id).rules }
}

extension RemoteWriteSpec {
    /// Whether the entry has credentials of its own.
    fileprivate var authenticates: Bool {
        let ways: [Any?] = [basicAuth, authorization, oauth2, sigv4, azureAd, bearerToken, bearerTokenFile]
        return ways.contains { $0 != nil }
    }
}

extension TLSConfig {
    /// Whether it says which servers to trust.
    fileprivate var trusts: Bool { ca != nil || caFile != nil || insecureSkipVerify == true }
}
