import Kube

// Paths that name no stored objects.
extension API {
    /// The answer to a request for health, discovery, OpenAPI or a review; nil for other paths.
    func nonResourceAnswer(_ request: APIRequest) throws(APIStatus) -> APIAnswer? {
        switch (request.method, request.path) {
        case ("GET", "/healthz"), ("GET", "/livez"), ("GET", "/readyz"):
            var body = APIBody(bytes: Array("ok".utf8))
            body.contentType = "text/plain; charset=utf-8"
            return .body(body)
        case ("GET", "/openapi/v2") where request.accept.contains("protobuf"):
            // kubectl 1.28 fails without version 2. An empty document has no bytes in protobuf; with it, kubectl uses
            // version 3 and its own knowledge of the built-in kinds.
            var body = APIBody(bytes: [])
            body.contentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
            return .body(body)
        case ("GET", _): return discovery(request).map(APIAnswer.body)
        case ("POST", _):
            guard let review = Review(request.segments) else { return nil }
            return .body(APIBody(code: 201, try review.answer(request)))
        default: return nil
        }
    }

    private func discovery(_ request: APIRequest) -> APIBody? {
        let document = store.read { state in
            DiscoveryDocument(path: request.segments, registry: state.registry, accept: request.accept)
        }
        guard let document else { return nil }
        var body = APIBody(document.json)
        body.contentType = document.contentType
        return body
    }
}

/// A review of what a user may do, or who the user is. Every user may do everything here.
private struct Review {
    private let resource: Resource
    private let status: JSON

    /// The review at a path; nil if the path is not one.
    init?(_ segments: [String]) {
        let allowed: JSON = ["allowed": true, "reason": "the local cluster allows everything"]
        let rules: JSON = [
            "resourceRules": [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]]],
            "nonResourceRules": [["verbs": ["*"], "nonResourceURLs": ["*"]]], "incomplete": false,
        ]
        let user: JSON = ["userInfo": ["username": "local", "groups": ["system:masters", "system:authenticated"]]]
        var rest = segments[...]
        guard rest.popFirst() == "apis", let group = rest.popFirst(), rest.popFirst() == "v1" else { return nil }
        let isNamespaced = rest.first == "namespaces" && rest.count == 3
        if isNamespaced { rest = rest.dropFirst(2) }
        guard rest.count == 1, let plural = rest.first else { return nil }
        let kind: String
        switch (group, plural, isNamespaced) {
        case ("authorization.k8s.io", "selfsubjectaccessreviews", false):
            (kind, status) = ("SelfSubjectAccessReview", allowed)
        case ("authorization.k8s.io", "subjectaccessreviews", false):
            (kind, status) = ("SubjectAccessReview", allowed)
        case ("authorization.k8s.io", "localsubjectaccessreviews", true):
            (kind, status) = ("LocalSubjectAccessReview", allowed)
        case ("authorization.k8s.io", "selfsubjectrulesreviews", false):
            (kind, status) = ("SelfSubjectRulesReview", rules)
        case ("authentication.k8s.io", "selfsubjectreviews", false): (kind, status) = ("SelfSubjectReview", user)
        default: return nil
        }
        resource = Resource(group: group, version: "v1", kind: kind, plural: plural)
    }

    /// The review in the body of a request, with its status. Throws 400 if the body is another object.
    func answer(_ request: APIRequest) throws(APIStatus) -> JSON {
        // kubectl sends some reviews in protobuf. Their content has no influence on the answer.
        let isProtobuf = request.mediaType == "application/vnd.kubernetes.protobuf"
        let body: JSON = isProtobuf ? ["spec": [:]] : try request.json()
        var review = try BodyDecoder(resource, .object(resource.kind, [:])).decode(body)
        review["status"] = status
        return review
    }
}
