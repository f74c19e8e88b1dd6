import Kube
import TributaryAPI

/// Where the pods that evaluate rules read and write, and as whom.
struct RulerAccess {
    /// The base of the query API.
    var queryURL: String
    /// The remote-write URLs: one, or one for each replica of a central Prometheus.
    var writeURLs: [String]
    /// The header with the id on each write; nil for none.
    var header: (name: String, id: String)?
    /// The tenant label and the id that every result and every alert gets, whatever a rule says; nil for the platform.
    var label: (name: String, id: String)?
    /// Whether who receives the results sets the label itself, and takes it of nobody else.
    var isLabelledByReceiver = false
    /// The tokens for a gateway; nil without one.
    var tokens: (read: String?, write: String?)?
    /// The Secret whose `ca.crt` certifies the gateway; nil without TLS.
    var authoritySecret: String?
    /// The authorities with which the certificates of the servers are checked, of queries and of writes; nil for those of the
    /// image.
    var authorities: (query: SecretOrConfigMap?, write: SecretOrConfigMap?) = (nil, nil)
    /// The Secret with the certificate to show to who receives the results; nil for none.
    var certificate: String?
    /// The user name and the password that queries and writes send; nil for none.
    var login: ServerLogin?
    /// The label that tells the pods apart if there are several, which queries do not show.
    var replicaLabel: String?
}

/// The parts of a URL that Thanos wants one by one.
struct SplitURL {
    var scheme: String
    var authority: String
    var path: String

    init(_ url: String) {
        scheme = url.lowercased().hasPrefix("https://") ? "https" : "http"
        let rest = url.drop { $0 != "/" }.drop { $0 == "/" }
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let host = rest[..<end]
        let hasPort = host.split(separator: "]").last?.contains(":") ?? false
        authority = hasPort ? String(host) : "\(host):\(scheme == "https" ? 443 : 80)"
        path = String(rest[end...].prefix { $0 != "?" && $0 != "#" })
        while path.hasSuffix("/") { path.removeLast() }
    }
}
