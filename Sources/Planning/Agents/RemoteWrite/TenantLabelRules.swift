import TributaryAPI

/// The relabel rules that assign every series of an agent to its tenant, whatever labels the series has.
///
/// Prometheus adds an external label only to series that lack it. So a target's own label with the tenant label's name
/// would put its series into another tenant. That label is renamed to `exported_…`, as Prometheus renames a target's
/// labels that conflict with its own.
struct TenantLabelRules {
    var label: String
    var id: String

    private static let temporary = "__tmp_tenant"

    /// The rules, to be appended to all others.
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

    /// A regular expression that matches the id and nothing else.
    private var quoted: String {
        id.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" ? "\($0)" : "\\\($0)" }.joined()
    }
}
