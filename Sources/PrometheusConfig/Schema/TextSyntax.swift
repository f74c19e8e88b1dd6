/// What Prometheus accepts as the text of a value.
struct TextSyntax: Sendable {
    /// What is wrong with a text, for a version of Prometheus; nil if nothing is.
    let problem: @Sendable (String, PrometheusVersion) -> String?

    static let duration = TextSyntax { text, _ in
        PrometheusDuration(text) == nil ? PrometheusDuration.problem(text.excerpt) : nil
    }

    /// A duration that a ticker of Go takes. Prometheus loads a shorter one, and its process ends.
    static let interval = TextSyntax { text, _ in
        guard let duration = PrometheusDuration(text) else { return PrometheusDuration.problem(text.excerpt) }
        return duration.milliseconds > 0
            ? nil : "should not be 0, with which Prometheus crashes; expected for example 30s"
    }

    static let size = TextSyntax { text, _ in
        ByteSize.isReadable(text) ? nil : ByteSize.problem(text.excerpt)
    }

    static let url = TextSyntax { text, _ in
        GoURL.problem(text).map { "\(shown(url: text)) is not a URL: \($0)" }
    }

    /// A URL that has one of some schemes, or any if there are none, and a host.
    static func url(schemes: [String]) -> TextSyntax {
        TextSyntax { text, version in
            if let problem = url.problem(text, version) { return problem }
            guard let url = GoURL(text), !url.host.isEmpty,
                schemes.isEmpty ? !url.scheme.isEmpty : schemes.contains(url.scheme)
            else {
                let expected = (schemes.isEmpty ? ["http"] : schemes).map { "\($0)://host…" }.joined(separator: " or ")
                return "\(shown(url: text)) should be \(expected)"
            }
            return nil
        }
    }

    /// A URL for messages. One that may have a password where it cannot be found is not shown.
    private static func shown(url: String) -> String {
        let redacted = ConfigRedaction.redactedURL(url)
        return url.contains("@") && redacted == url ? "the value" : "\"\(redacted.excerpt)\""
    }

    /// From 3.0 on, every name that is not empty.
    static let labelName = TextSyntax { text, version in
        let isValid = version.allowsAnyLabelName ? !text.isEmpty : LabelName.isValid(text)
        return isValid ? nil : LabelName.problem(text.excerpt)
    }

    /// A text in which something else than blanks is.
    static let notBlank = TextSyntax { text, _ in text.allSatisfy(\.isWhitespace) ? "should not be empty" : nil }

    /// One of several words. `isExact` is false where upper and lower case are the same.
    static func words(
        _ words: KeyValuePairs<String, PrometheusVersion?>, isExact: Bool = true, orEmpty: Bool = false
    ) -> TextSyntax {
        let known = words.map { (word: $0.key, since: $0.value) }
        return TextSyntax { text, version in
            if orEmpty, text.isEmpty { return nil }
            let found = known.first { isExact ? $0.word == text : $0.word.lowercased() == text.lowercased() }
            if let since = found?.since, version < since { return "\"\(text)\" \(version.needs(since))" }
            if found != nil || version > .newestKnown { return nil }
            let choices = known.filter { $0.since.map { $0 <= version } ?? true }.map(\.word)
            return
                "\"\(text.excerpt)\" should be \(choices.count > 1 ? "one of " : "")\(choices.joined(separator: ", "))"
        }
    }

    /// One of several words.
    static func words(_ words: [String], isExact: Bool = true) -> TextSyntax {
        TextSyntax { text, version in
            let isKnown = words.contains { isExact ? $0 == text : $0.lowercased() == text.lowercased() }
            if isKnown || version > .newestKnown { return nil }
            return "\"\(text.excerpt)\" should be \(words.count > 1 ? "one of " : "")\(words.joined(separator: ", "))"
        }
    }
}

extension String {
    /// The beginning of a text, for messages.
    var excerpt: String { utf8.count <= 100 ? self : "\(prefix(100))…" }
}
