import Kube

/// One thing that was found on the way from an agent to its targets, or from a tenant's series to its readers.
package struct Finding: Sendable, Hashable {
    /// What it means for the series.
    package enum Verdict: String, Sendable {
        /// This part works as far as can be told.
        case good = "ok"
        /// No series come this way.
        case bad = "no"
        /// It is worth knowing, or cannot be told from what is there.
        case note
    }

    /// What it means for the series.
    package var verdict: Verdict
    /// The reason in CamelCase, for programs.
    package var reason: String
    /// The object that it is about, such as `PrometheusAgent monitoring/cluster`; nil for the explained one.
    package var object: String?
    /// The field to look at; nil if no single field decides.
    package var field: String?
    /// What was found and what would be right.
    package var message: String

    init(_ verdict: Verdict, _ reason: String, of object: String? = nil, at field: String? = nil, _ message: String) {
        self.verdict = verdict
        self.reason = reason
        self.object = object
        self.field = field
        self.message = message
    }

    /// The finding as one line of text, without its verdict.
    package var line: String {
        switch (object, field) {
        case (let object?, let field?): "\(object): \(field): \(message)"
        case (let object?, nil): "\(object): \(message)"
        case (nil, let field?): "\(field): \(message)"
        case (nil, nil): message
        }
    }

    var json: JSON {
        let json: JSON = [
            "verdict": JSON(verdict.rawValue), "reason": JSON(reason), "object": object.map { JSON($0) } ?? .null,
            "field": field.map { JSON($0) } ?? .null, "message": JSON(message),
        ]
        return json.droppingNulls
    }
}
