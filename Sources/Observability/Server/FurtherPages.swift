/// What a server has beside metrics and probes.
public struct FurtherPages: Sendable {
    /// A request, as far as pages look at it.
    package struct Request: Sendable {
        package var path: Substring
        package var query: Substring
        /// The value of `If-None-Match`.
        package var known: String?

        /// A request.
        package init(path: Substring, query: Substring, known: String?) {
            (self.path, self.query, self.known) = (path, query, known)
        }
    }

    /// How a request is answered.
    package enum Answer: Sendable {
        case now(RequestHandler.Response)
        /// By work that takes long enough to keep probes waiting, so that it is done elsewhere.
        case later(@Sendable () async -> RequestHandler.Response)
    }

    /// The answer to a request; nil for a path that has none.
    package let answer: @Sendable (Request) -> Answer?

    /// Pages that a closure serves.
    package init(answer: @escaping @Sendable (Request) -> Answer?) { self.answer = answer }

    /// These pages, and others where these have none.
    package func or(_ others: FurtherPages?) -> FurtherPages {
        guard let others else { return self }
        return FurtherPages { answer($0) ?? others.answer($0) }
    }
}
