import Kube

// The logs of pods. No container runs here, so what a log has comes from outside.
extension API {
    /// The answer to a request for a container's log; nil for other paths.
    func logAnswer(_ request: APIRequest) throws(APIStatus) -> APIAnswer? {
        let path = request.segments
        guard request.method == "GET", path.count == 7, path[0] == "api", path[2] == "namespaces", path[4] == "pods",
            path[6] == "log"
        else { return nil }
        let pod = ObjectKey(namespace: path[3], name: path[5])
        guard store.read({ $0.stored(ObjectLocation(.pods, pod)) }) != nil else { throw .notFound(.pods, pod.name) }
        let container = request.parameter("container") ?? ""
        guard let log = logs.withLock({ $0 })?(pod, container) else {
            throw APIStatus(
                code: 400, reason: "BadRequest",
                message: "container \"\(container)\" in pod \"\(pod.name)\" has no log in a local cluster")
        }
        let lines = log.split(separator: "\n")
        let last = lines.suffix(max(0, try request.integer("tailLines") ?? lines.count))
        var body = APIBody(bytes: Array(last.map { "\($0)\n" }.joined().utf8))
        body.contentType = "text/plain"
        return .body(body)
    }
}
