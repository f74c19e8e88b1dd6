import Kube
import PlanningInput
import TestSupport
import Testing
import YAML

@Suite("The manifests", .enabled(if: RealAPIServer.assets != nil, "kubectl is not found"))
struct ManifestTests {
    @Test(arguments: ["manifests", "manifests/namespaced", "manifests/shards"])
    func `The manifests run the image of this release, which one place names`(folder: String) async throws {
        let deployment = try #require(try await Manifests.objects(folder).first { $0.kind == "Deployment" })
        let containers = deployment.json["spec", "template", "spec", "containers"]?.array ?? []
        #expect(containers.compactMap { $0["image"]?.string } == [Release.image])
        let base = try YAML.parseOne(try Checkout.read("manifests/base/kustomization.yaml")).value
        #expect(
            base["images"]
                == [
                    [
                        "name": .string(Release.name), "newName": .string(Release.name),
                        "newTag": .string(Release.version),
                    ]
                ])
    }

    @Test func `The operator's pods comply with the restricted Pod Security Standard, which its namespace enforces`()
        async throws
    {
        let objects = try await Manifests.objects("manifests")
        let namespace = try #require(objects.first { $0.kind == "Namespace" })
        #expect(namespace.json["metadata", "labels", "pod-security.kubernetes.io/enforce"] == "restricted")
        let pod = try #require(
            objects.first { $0.kind == "Deployment" }?.json["spec", "template", "spec"])
        #expect(pod["securityContext", "runAsNonRoot"] == true)
        #expect(pod["securityContext", "seccompProfile", "type"] == "RuntimeDefault")
        for container in pod["containers"]?.array ?? [] {
            #expect(container["securityContext", "allowPrivilegeEscalation"] == false)
            #expect(container["securityContext", "readOnlyRootFilesystem"] == true)
            #expect(container["securityContext", "capabilities", "drop"] == ["ALL"])
        }
    }
}
