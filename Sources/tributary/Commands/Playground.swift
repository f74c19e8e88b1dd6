import Kube
import KubeClient
import LocalCluster
import TributaryAPI

/// Fills a local cluster: the CRDs, and what is in files.
struct Playground {
    let client: KubeClient

    /// Applies Tributary's CustomResourceDefinitions.
    func applyDefinitions() async throws {
        for definition in TributaryAPI.customResourceDefinitions {
            _ = try await client.apply(
                .customResourceDefinitions, Object(definition), fieldManager: "tributary-local", force: true)
        }
    }

    /// Applies the objects of files; prints what is wrong with them and returns whether all is well.
    func apply(_ paths: [String]) async throws -> Bool {
        guard !paths.isEmpty else { return true }
        let manifests = Manifests(reading: paths)
        manifests.problems.forEach(Output.error)
        var isGood = manifests.problems.isEmpty
        for entry in manifests.entries {
            guard let resource = Self.resource(of: entry.object) else {
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

    /// The resource of an object: one of ours, or one of the built-in kinds.
    static func resource(of object: Object) -> Resource? {
        if let kind = TributaryAPI.kind(of: object) { return kind.resource }
        return Resource.builtIn.first { $0.apiVersion == object.apiVersion && $0.kind == object.kind }
    }
}
