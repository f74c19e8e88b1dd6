import Kube
import KubeClient
import TestSupport
import TributaryAPI
import YAML

#if canImport(Glibc)
import Glibc
#endif

/// The kustomizations of the repository, which install Tributary.
enum Manifests {
    /// Runs the kubectl next to kube-apiserver, and returns its output. Throws the output if it fails.
    @discardableResult
    static func kubectl(_ arguments: [String]) async throws -> String {
        guard let path = ChildProcess.find("kubectl", in: RealAPIServer.assets.map { [$0] } ?? []) else {
            throw WaitingError(description: "kubectl is not found next to kube-apiserver")
        }
        let result = try await ChildProcess.run(path, arguments)
        guard result.code == 0 else {
            throw WaitingError(description: "kubectl \(arguments.joined(separator: " ")): \(result.output)")
        }
        return result.output
    }

    /// Installs a kustomization with `kubectl apply`, as the documentation describes.
    static func install(_ folder: String, kubeconfig: String) async throws {
        try await kubectl(["--kubeconfig", kubeconfig, "apply", "--server-side", "-k", "\(Checkout.root)/\(folder)"])
    }

    /// The objects of a kustomization.
    static func objects(_ folder: String) async throws -> [Object] {
        try YAML.parse(try await kubectl(["kustomize", "\(Checkout.root)/\(folder)"])).map { Object($0.value) }
    }

    /// Applies objects in order. Ignores kinds that are not known.
    static func apply(_ objects: [Object], _ client: KubeClient) async throws {
        for object in objects {
            guard let resource = resource(of: object) else { continue }
            try await client.apply(resource, object, fieldManager: "installer", force: true)
        }
    }

    static func resource(of object: Object) -> Resource? {
        if let kind = TributaryAPI.kind(of: object) { return kind.resource }
        return Resource.builtIn.first { $0.apiVersion == object.apiVersion && $0.kind == object.kind }
    }

    /// Waits until the API server serves the custom resources.
    static func waitForDefinitions(_ client: KubeClient) async throws {
        for resource in [GlobalView.resource, Tenant.resource, PrometheusAgent.resource] {
            try await waitUntil("\(resource) is served") {
                do {
                    _ = try await client.list(resource)
                    return true
                } catch is APIStatus {
                    return false
                }
            }
        }
    }

    /// Requests a token for a ServiceAccount, as a kubelet does for a pod. It works for as long as the Secret that it is
    /// bound to exists.
    static func token(
        of account: ObjectKey, _ client: KubeClient, boundTo secret: String? = nil
    ) async throws -> String {
        let object = secret.map { name -> JSON in ["apiVersion": "v1", "kind": "Secret", "name": .string(name)] }
        let spec: JSON = ["expirationSeconds": 3600, "boundObjectRef": object ?? .null]
        let request: JSON = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec.droppingNulls,
        ]
        let answer = try await client.create(
            .serviceAccounts,
            Object(
                Resource(group: "authentication.k8s.io", version: "v1", kind: "TokenRequest", plural: "tokenrequests"),
                namespace: account.namespace, name: account.name, request),
            subresource: "token")
        guard let token = answer.json["status", "token"]?.string else {
            throw WaitingError(description: "no token in \(answer.json.text())")
        }
        return token
    }
}
