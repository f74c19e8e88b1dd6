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
        if own.url?.isEmpty ?? true { own.url = url }
        if let header {
            own.headers = (own.headers ?? [:]).merging([header: id]) { _, tenant in tenant }
        } else {
            own.writeRelabelConfigs = (own.writeRelabelConfigs ?? []) + TenantLabelRules(label: label, id: id).rules
        }
        return [own] + writes.filter { $0.name != name }
    }
}
