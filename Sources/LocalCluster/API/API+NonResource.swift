import Kube

// Paths that are about no stored object.
extension API {
    /// The answer where the path is about no stored object: health, discovery, reviews.
    func fixedAnswer(_ request: APIRequest) throws(APIStatus) -> APIAnswer? {
        switch (request.method, request.path) {
        case ("GET", "/healthz"), ("GET", "/livez"), ("GET", "/readyz"):
            var body = APIBody(bytes: Array("ok".utf8))
            body.contentType = "text/plain; charset=utf-8"
            return .body(body)
        case ("GET", "/openapi/v2") where request.accept.contains("protobuf"):
            // kubectl 1.28 gives up without version 2. A document that says nothing has no bytes in protobuf; with
            // it kubectl goes by version 3, and by what it knows of the built-in kinds itself.
            var body = APIBody(bytes: [])
            body.contentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
            return .body(body)
        case ("POST", let path) where path.hasPrefix("/apis/authorization.k8s.io/v1/"):
            var review = try request.review("SelfSubjectAccessReview")
            review["status"] = ["allowed": true, "reason": "the local cluster allows everything"]
            return .body(APIBody(code: 201, review))
        case ("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews"):
            var review = try request.review("SelfSubjectReview")
            review["status"] = [
                "userInfo": ["username": "local", "groups": ["system:masters", "system:authenticated"]]
            ]
            return .body(APIBody(code: 201, review))
        default:
            return discovery(request).map(APIAnswer.body)
        }
    }

    private func discovery(_ request: APIRequest) -> APIBody? {
        guard request.method == "GET",
            let document = store.read({
                discoveryDocument(path: request.path, registry: $0.registry, accept: request.accept)
            })
        else { return nil }
        var body = APIBody(document.json)
        body.contentType = document.contentType
        return body
    }
}

extension APIRequest {
    /// The body of a review; kubectl sends some in protobuf, of which nothing is needed here.
    fileprivate func review(_ kind: String) throws(APIStatus) -> JSON {
        guard contentType.contains("protobuf") else { return try json() }
        let version = segments.dropFirst().prefix(2).joined(separator: "/")
        return ["apiVersion": .string(version), "kind": .string(kind), "metadata": [:], "spec": [:]]
    }
}
