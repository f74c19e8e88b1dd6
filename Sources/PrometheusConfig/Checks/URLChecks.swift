/// What Prometheus could not send to.
enum URLChecks {
    /// What is wrong with the URL of a remote endpoint, one message each.
    static func problems(_ url: String) -> [String] {
        var problems: [String] = []
        let scheme = url.prefix { $0 != ":" }.lowercased()
        let rest = url.dropFirst(scheme.count)
        let authority = rest.dropFirst(3).prefix { $0 != "/" }
        if !["http", "https"].contains(scheme) || !rest.hasPrefix("://") || authority.isEmpty
            || url.contains(where: { $0.isWhitespace || $0.isNewline })
        {
            problems.append("\"\(url)\" should be http://host… or https://host…")
        }
        if authority.contains("@") { problems.append("has credentials in it, which belong into a Secret") }
        return problems
    }
}
