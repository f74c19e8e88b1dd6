/// Applies patches to JSON values: JSON merge patch (RFC 7386) and JSON patch (RFC 6902).
public enum Patch {
    /// Applies a merge patch: members of the patch replace those of the value, and null removes them.
    public static func merge(_ patch: JSON, into target: JSON) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        var members = target.object ?? [:]
        for (key, change) in changes {
            if change.isNull {
                members[key] = nil
            } else {
                members[key] = merge(change, into: members[key] ?? .null)
            }
        }
        return .object(members)
    }
}
