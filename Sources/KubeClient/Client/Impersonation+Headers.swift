extension ClusterConfiguration.Impersonation {
    /// The header fields for impersonation.
    var headers: [String] {
        var headers = ["Impersonate-User: \(user)"]
        if let uid { headers.append("Impersonate-Uid: \(uid)") }
        headers += groups.map { "Impersonate-Group: \($0)" }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            headers += values.map { "Impersonate-Extra-\(PercentEncoding.segment(key)): \($0)" }
        }
        return headers
    }
}
