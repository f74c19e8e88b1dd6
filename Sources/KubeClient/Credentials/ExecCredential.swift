import Kube

/// The credentials that an exec plugin returned: the status of a `client.authentication.k8s.io` ExecCredential.
struct ExecCredential: Sendable {
    /// A client certificate with its key, in PEM.
    struct Pair: Sendable {
        var certificate: [UInt8]
        var key: Redacted<[UInt8]>
    }

    var token: Redacted<String>?
    var pair: Pair?
    var expires: Timestamp?
    /// The number of the plugin's run.
    var generation = 0

    /// Reads an ExecCredential. Throws ``KubeClientError``, which never quotes credentials.
    init(_ json: JSON, _ plugin: ExecPlugin) throws(KubeClientError) {
        func fail(_ problem: String) -> KubeClientError {
            KubeClientError(.configuration, subject: plugin.subject, problem)
        }
        let kind = json["kind"]?.string ?? ""
        guard json.object != nil, kind == "ExecCredential" else {
            throw fail("found \(json.typeName) of kind \"\(kind.onOneLine(limit: 50))\", expected an ExecCredential")
        }
        let version = json["apiVersion"]?.string ?? ""
        guard version == plugin.apiVersion else {
            throw fail("found apiVersion \"\(version.onOneLine(limit: 100))\", expected \"\(plugin.apiVersion)\"")
        }
        let status = json["status"]
        if let text = status?["token"]?.string, !text.isEmpty { token = Redacted(text.trimmed) }
        let certificate = status?["clientCertificateData"]?.string ?? ""
        let key = status?["clientKeyData"]?.string ?? ""
        guard certificate.isEmpty == key.isEmpty else {
            throw fail("found only one of clientCertificateData and clientKeyData, expected both or none")
        }
        if !certificate.isEmpty {
            pair = Pair(certificate: Array(certificate.utf8), key: Redacted(Array(key.utf8)))
        }
        guard token != nil || pair != nil else {
            throw fail("found neither a token nor a client certificate in the status of the ExecCredential")
        }
        if let text = status?["expirationTimestamp"]?.string, !text.isEmpty {
            guard let time = Timestamp(text) else {
                throw fail("found an expirationTimestamp that is not in RFC 3339 format")
            }
            expires = time
        }
    }
}
