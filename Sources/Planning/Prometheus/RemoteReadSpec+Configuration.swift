import Kube
import PlanningInput
import TributaryAPI

extension RemoteReadSpec {
    /// The `remote_read` entry.
    func configuration(_ files: inout FileMounts) -> JSON {
        var entry: JSON = ["url": JSON(url), "name": JSON(name)]
        entry["required_matchers"] = requiredMatchers.map { JSON($0) }
        entry["read_recent"] = readRecent.map { .bool($0) }
        entry["remote_timeout"] = remoteTimeout.map { JSON($0) }
        entry["headers"] = headers.map { JSON($0) }
        for (key, value) in SpokeHTTPClient.members(basicAuth, authorization, tlsConfig, &files) { entry[key] = value }
        return entry
    }
}
