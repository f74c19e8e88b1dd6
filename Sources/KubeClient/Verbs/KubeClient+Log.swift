public import Kube

extension KubeClient {
    /// Reads the last lines of a container's log, of the last minutes.
    ///
    /// Throws `APIStatus`, ``KubeClientError`` or `CancellationError`.
    public func log(
        of pod: ObjectKey, container: String, lines: Int, since: Duration, atMost bytes: Int
    ) async throws -> [UInt8] {
        let query = [
            ("container", container), ("tailLines", "\(lines)"), ("sinceSeconds", "\(since.components.seconds)"),
            ("limitBytes", "\(bytes)"),
        ]
        let call = Call(
            method: "GET", path: try path(.pods, pod, subresource: "log"), query: query, accept: "text/plain, */*")
        let response = try await send(call)
        guard (200..<300).contains(response.status) else { throw response.failure(subject(call)) }
        return response.body
    }
}
