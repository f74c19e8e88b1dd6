/// Patches to JSON values: JSON merge patch (RFC 7386) and JSON patch (RFC 6902).
public enum Patch {
    /// A value after a merge patch: members of the patch replace those of the value, null takes away.
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

    /// The smallest merge patch that makes one value the other; nil if they are the same.
    ///
    /// A merge patch cannot set a member to null: a null in the new value is taken for an absent member.
    public static func mergePatch(from old: JSON, to new: JSON) -> JSON? {
        guard old != new else { return nil }
        guard case .object(let oldMembers) = old, case .object(let newMembers) = new else { return new }
        var changes: JSON.Members = [:]
        for (key, value) in newMembers where !value.isNull {
            guard let before = oldMembers[key], !before.isNull else {
                changes[key] = value.droppingNulls
                continue
            }
            if let change = mergePatch(from: before, to: value) { changes[key] = change }
        }
        for key in oldMembers.keys where newMembers[key]?.isNull ?? true { changes[key] = .null }
        return changes.isEmpty ? nil : .object(changes)
    }
}

/// Why a JSON patch cannot be applied.
public struct JSONPatchError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which operation, from 0.
    public var operation: Int
    /// What the operation is, where that much can be read: `replace /spec/replicas`.
    public var summary: String
    /// What is wrong.
    public var problem: String

    /// `operation 0 (replace /spec/replicas): there is no member "replicas"`.
    public var description: String { "operation \(operation)\(summary.isEmpty ? "" : " (\(summary))"): \(problem)" }
}
