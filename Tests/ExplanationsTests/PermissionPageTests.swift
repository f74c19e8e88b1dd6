import TestSupport
import Testing

@testable import Explanations

#if canImport(Glibc)
import Glibc
#endif

/// The table of permissions in docs/permissions.md is made from the one that `doctor` checks.
@Suite("The page on permissions") struct PermissionPageTests {
    private static let path = "docs/permissions.md"
    private static let begin = "<!-- From Sources/Explanations/Doctor/OperatorPermission.swift: -->\n"
    private static let end = "<!-- to here. -->\n"

    @Test func `The page on permissions has each permission and what it is for`() throws {
        let page = try Checkout.read(Self.path)
        let start = try #require(page.firstRange(of: Self.begin)?.upperBound)
        let rest = try #require(page[start...].firstRange(of: Self.end)?.lowerBound)
        let text = page[..<start] + Self.table + page[rest...]
        if getenv("UPDATE_GOLDEN") != nil {
            let file = try #require(fopen("\(Checkout.root)/\(Self.path)", "w"))
            fputs(String(text), file)
            fclose(file)
        }
        #expect(
            String(text) == page, "\(Self.path) is out of date: UPDATE_GOLDEN=1 swift test --filter PermissionPageTests"
        )
    }

    private static var table: String {
        var rows: [(permission: OperatorPermission, resources: [String])] = []
        for permission in OperatorPermission.all {
            let name = permission.name.map { "`\($0)`" }
            let resource = [permission.resource, name].compactMap(\.self).joined(separator: " ")
            if let last = rows.last?.permission, Rule(last) == Rule(permission) {
                let shown = last.resource == permission.resource ? name : nil
                rows[rows.count - 1].resources.append(shown ?? resource)
            } else {
                rows.append((permission, [resource]))
            }
        }
        let lines = rows.map { permission, resources in
            let group = permission.group.isEmpty ? "" : " of \(permission.group)"
            return "| \(resources.joined(separator: ", "))\(group) | \(permission.verbs.joined(separator: ", ")) | "
                + "\(place(permission.scope)) | \(permission.purpose) | "
                + "\(permission.without ?? "the operator does not work") |"
        }
        let head = "| resources | verbs | where | what for | without it |\n| --- | --- | --- | --- | --- |\n"
        return head + lines.joined(separator: "\n") + "\n"
    }

    /// What rows have in common whose resources can stand in one.
    private struct Rule: Equatable {
        var group: String
        var verbs: [String]
        var purpose: String
        var scope: OperatorPermission.Scope

        init(_ permission: OperatorPermission) {
            (group, verbs) = (permission.group, permission.verbs)
            (purpose, scope) = (permission.purpose, permission.scope)
        }
    }

    private static func place(_ scope: OperatorPermission.Scope) -> String {
        switch scope {
        case .watched: "the namespaces that it watches"
        case .own: "its own namespace"
        case .cluster: "the cluster"
        }
    }
}
