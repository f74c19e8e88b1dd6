import Kube
import TestSupport
import Testing
import YAML

/// What `docs/install.md` says about the manifests.
@Suite struct `The page about installing` {
    @Test func `The page about installing names each cluster-wide object that an uninstall leaves or deletes`() throws {
        let page = try MarkdownPage.at("docs/install.md")
        let deleted = page.blocks.flatMap(\.calls).flatMap(\.line.calls)
            .filter { $0.starts(with: ["kubectl", "delete"]) && !$0.contains("-k") }
            .map { (kinds: $0[2].split(separator: ",").map(String.init), names: $0.dropFirst(3)) }
        let kept = page.code.map(\.text)
        var count = 0
        for path in Checkout.files(under: "manifests") where path.hasSuffix(".yaml") {
            for object in try YAML.parse(Checkout.read(path)).map({ Object($0.value) })
            where ["ClusterRole", "ClusterRoleBinding", "PriorityClass"].contains(object.kind) {
                count += 1
                let isDeleted = deleted.contains {
                    $0.kinds.contains(object.kind.lowercased()) && $0.names.contains(object.name)
                }
                #expect(isDeleted || kept.contains(object.name), "\(object.kind) \(object.name)")
            }
        }
        #expect(count >= 6)
    }
}
