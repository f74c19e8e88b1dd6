import Kube
import KubeClient
import PlanningInput
import Planning
import TributaryAPI

extension Playground {
    /// Applies the CustomResourceDefinitions of Tributary, and those of prometheus-operator's monitors, which agents
    /// scrape. The latter accept any field, since their schemas are not part of Tributary.
    func applyDefinitions() async throws {
        let own = TributaryAPI.customResourceDefinitions.map { Object($0) }
        for definition in own + Monitoring.kinds.map(\.looseDefinition) {
            _ = try await client.apply(
                .customResourceDefinitions, definition, fieldManager: "tributary-local", force: true)
        }
    }

    /// Applies the objects of files. Prints what is wrong with them, and returns whether all were applied.
    func apply(_ paths: [String]) async throws -> Bool {
        guard !paths.isEmpty else { return true }
        let files = ManifestFiles(reading: paths)
        files.problems.forEach(Output.error)
        var isGood = files.problems.isEmpty
        // Definitions come first, so that the files can have objects of the kinds that they define.
        let served = files.manifests.flatMap { Resource.served(by: $0.object) }
        let isDefinition = { (manifest: Manifest) in manifest.object.kind == Resource.customResourceDefinitions.kind }
        for manifest in files.manifests.filter(isDefinition) + files.manifests.filter({ !isDefinition($0) }) {
            guard let resource = Self.resource(of: manifest.object, among: served) else {
                Output.error(
                    "\(manifest.location(of: nil)): error: \(manifest.object): the local API server does not have this "
                        + "kind")
                isGood = false
                continue
            }
            var object = manifest.object
            if resource.isNamespaced, object.namespace == nil { object.json["metadata", "namespace"] = "default" }
            do {
                // The name that kubectl uses, so that applying the same file with kubectl later is not a conflict.
                _ = try await client.apply(resource, object, fieldManager: "kubectl", force: true)
            } catch let status as APIStatus {
                Output.error("\(manifest.location(of: nil)): error: \(manifest.object): \(status.message)")
                isGood = false
            }
        }
        return isGood
    }

    /// The resource of an object: one of Tributary's, a monitor, a built-in kind, or one of some others.
    private static func resource(of object: Object, among others: [Resource]) -> Resource? {
        if let kind = TributaryAPI.kind(of: object) { return kind.resource }
        return (Resource.builtIn + Monitoring.kinds + others).first {
            $0.apiVersion == object.apiVersion && $0.kind == object.kind
        }
    }
}
