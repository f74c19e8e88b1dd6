import Kube
import PlanningInput
import TributaryAPI

/// Prometheus's HTTP client settings, with credentials as files to be mounted.
enum SpokeHTTPClient {
    static func members(
        _ basicAuth: BasicAuthSpec?, _ authorization: SafeAuthorizationSpec?, _ tls: SafeTLSConfig?,
        _ files: inout FileMounts
    ) -> [(String, JSON)] {
        var result: [(String, JSON)] = []
        if let basicAuth {
            let entry: JSON = [
                "username_file": basicAuth.username.map { JSON(files.path($0)) } ?? .null,
                "password_file": basicAuth.password.map { JSON(files.path($0)) } ?? .null,
            ]
            result.append(("basic_auth", entry.droppingNulls))
        }
        if let authorization, let credentials = authorization.credentials {
            let entry: JSON = [
                "type": authorization.type.map { JSON($0) } ?? .null, "credentials_file": JSON(files.path(credentials)),
            ]
            result.append(("authorization", entry.droppingNulls))
        }
        if let tls {
            let entry: JSON = [
                "ca_file": tls.ca.flatMap { files.path($0) }.map { JSON($0) } ?? .null,
                "cert_file": tls.cert.flatMap { files.path($0) }.map { JSON($0) } ?? .null,
                "key_file": tls.keySecret.map { JSON(files.path($0)) } ?? .null,
                "server_name": tls.serverName.map { JSON($0) } ?? .null,
                "insecure_skip_verify": tls.insecureSkipVerify.map { .bool($0) } ?? .null,
                "min_version": tls.minVersion.map { JSON($0) } ?? .null,
                "max_version": tls.maxVersion.map { JSON($0) } ?? .null,
            ]
            result.append(("tls_config", entry.droppingNulls))
        }
        return result
    }
}
