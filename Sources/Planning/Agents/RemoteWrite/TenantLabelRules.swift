import TributaryAPI

/// The relabel rules by which every series that an agent sends is its tenant's, whatever the series says itself.
///
/// Prometheus adds an external label only to series that have none of that name, so a target's own label that is called
/// as the tenant's would put its series among another tenant's. It keeps its value as `exported_…`, as Prometheus names
/// a target's labels that are in the way of its own.
struct TenantLabelRules {
    var label: String
    var id: String

    private static let temporary = "__tmp_tenant"

    /// The rules, which go behind all others.
    var rules: [RelabelConfigSpec] {
        [
            RelabelConfigSpec(sourceLabels: [label], targetLabel: Self.temporary),
            RelabelConfigSpec(
                sourceLabels: [Self.temporary], regex: quoted, targetLabel: Self.temporary, replacement: ""),
            RelabelConfigSpec(sourceLabels: [Self.temporary], regex: "(.+)", targetLabel: "exported_\(label)"),
            RelabelConfigSpec(regex: Self.temporary, action: "labeldrop"),
            RelabelConfigSpec(targetLabel: label, replacement: id),
        ]
    }

    /// An expression that matches the id and nothing else.
    private var quoted: String {
        id.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" ? "\($0)" : "\\\($0)" }.joined()
    }
}
