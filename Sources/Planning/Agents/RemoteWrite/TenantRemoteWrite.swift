import TributaryAPI

/// The remote write that a tenant gives to its agents, and how an agent's own entry of that name adds to it.
struct TenantRemoteWrite {
    var id: String
    var url: String
    /// The label by which each series is the tenant's.
    var label: String
    /// The header by which the global view tells writes apart; nil where the label does.
    var header: String?

    /// The entries, the tenant's first; what the agent says for the entry of the tenant's name is kept, but for the URL
    /// where it names none and the header, which is the tenant's to say.
    func merged(into writes: [RemoteWriteSpec]) -> [RemoteWriteSpec] {
        let name = PrometheusAgent.tenantRemoteWriteName
        var own = writes.first { $0.name == name } ?? RemoteWriteSpec(name: name)
        complete(&own)
        if header == nil { own.writeRelabelConfigs = (own.writeRelabelConfigs ?? []) + labelRules }
        return [own] + writes.filter { $0.name != name }
    }

    /// The entry of one tenant among several: it has the series of some namespaces and no others, whatever the agent
    /// says for the entry of this name, or else for the one that all of its tenants share.
    ///
    /// The series are chosen before any other rule can change their labels, and get the tenant's label after all others.
    func entry(
        _ name: String, of namespaces: [String], by namespaceLabel: String, merging writes: [RemoteWriteSpec]
    ) -> RemoteWriteSpec {
        let shared = writes.first { $0.name == PrometheusAgent.tenantRemoteWriteName }
        var own = writes.first { $0.name == name } ?? shared ?? RemoteWriteSpec(name: name)
        own.name = name
        complete(&own)
        let keep = RelabelConfigSpec(
            sourceLabels: [namespaceLabel], regex: namespaces.sorted().joined(separator: "|"), action: "keep")
        own.writeRelabelConfigs = [keep] + (own.writeRelabelConfigs ?? []) + labelRules
        return own
    }

    private func complete(_ write: inout RemoteWriteSpec) {
        if write.url?.isEmpty ?? true { write.url = url }
        guard let header else { return }
        // Headers' names are the same in any case: another spelling would go along, and perhaps first.
        let others = (write.headers ?? [:]).filter { $0.key.lowercased() != header.lowercased() }
        write.headers = others.merging([header: id]) { _, tenant in tenant }
    }

    private var labelRules: [RelabelConfigSpec] { TenantLabelRules(label: label, id: id).rules }
}
