import Kube
import KubeClient
import LocalCluster
import Planning
import TributaryAPI

/// Fills a local cluster: the CRDs, and what is in files.
struct Playground {
    let client: KubeClient

    /// Applies Tributary's CustomResourceDefinitions, and for what its agents scrape those of prometheus-operator's
    /// monitors. The latter check nothing: their own schemas are not ours to ship.
    func applyDefinitions() async throws {
        let own = TributaryAPI.customResourceDefinitions.map { Object($0) }
        for definition in own + Monitoring.kinds.map(\.looseDefinition) {
            _ = try await client.apply(
                .customResourceDefinitions, definition, fieldManager: "tributary-local", force: true)
        }
    }

    /// Applies the objects of files; prints what is wrong with them and returns whether all is well.
    func apply(_ paths: [String]) async throws -> Bool {
        guard !paths.isEmpty else { return true }
        let manifests = Manifests(reading: paths)
        manifests.problems.forEach(Output.error)
        var isGood = manifests.problems.isEmpty
        // What is defined in the files themselves is served by the time that objects of it come.
        let served = manifests.entries.flatMap { Resource.served(by: $0.object) }
        let isDefinition = { (entry: Manifests.Entry) in entry.object.kind == Resource.customResourceDefinitions.kind }
        let entries = manifests.entries.filter(isDefinition) + manifests.entries.filter { !isDefinition($0) }
        for entry in entries {
            guard let resource = Self.resource(of: entry.object, among: served) else {
                Output.error("\(entry.location(of: nil)): error: \(entry.object): a kind that is not served here")
                isGood = false
                continue
            }
            var object = entry.object
            if resource.isNamespaced, object.namespace == nil { object.json["metadata", "namespace"] = "default" }
            do {
                // kubectl's own name, so that applying the same file by hand later is no conflict.
                _ = try await client.apply(resource, object, fieldManager: "kubectl", force: true)
            } catch let status as APIStatus {
                Output.error("\(entry.location(of: nil)): error: \(entry.object): \(status.message)")
                isGood = false
            }
        }
        return isGood
    }

    /// The resource of an object: one of ours, a monitor, one of the built-in kinds, or one of some others.
    static func resource(of object: Object, among others: [Resource] = []) -> Resource? {
        if let kind = TributaryAPI.kind(of: object) { return kind.resource }
        return (Resource.builtIn + Monitoring.kinds + others).first {
            $0.apiVersion == object.apiVersion && $0.kind == object.kind
        }
    }
}
