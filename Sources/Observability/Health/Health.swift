import Kube

/// The health of this process: named checks for `/healthz` and `/readyz`.
///
/// Paths, queries and bodies are those of kube-apiserver and controller-runtime, so that existing probes and scripts
/// work: `/readyz/<check>` runs one check, `?verbose` lists all checks, `?exclude=<check>` skips one.
public final class Health: Sendable {
    /// The probe that a check belongs to.
    public enum Probe: String, Sendable, CaseIterable {
        /// A failing process should be restarted.
        case liveness = "healthz"
        /// A failing process does not do its work at the moment.
        case readiness = "readyz"
    }

    /// A check, which throws an error with the problem if it fails.
    public typealias Check = @Sendable () throws -> Void

    /// The response to a probe.
    struct Response: Sendable, Equatable {
        /// The HTTP status: 200, 404 for an unknown check, or 500 for a failed one.
        var status: Int
        /// The body in plain text.
        var body: String
    }

    private let checks = Locked<[Probe: [String: Check]]>([:])
    private let details = Locked<[Probe: [String: @Sendable () -> String?]]>([:])
    private let onFailure: @Sendable (Probe, String, any Error) -> Void

    /// Creates health without checks, for which probes succeed.
    ///
    /// Responses withhold the reason of a failed check because anyone may read them; `onFailure` gets it for the log.
    public init(onFailure: @escaping @Sendable (Probe, String, any Error) -> Void = { _, _, _ in }) {
        self.onFailure = onFailure
    }

    /// Adds a check or replaces the one of that name. It runs for each probe, so it should be fast.
    public func add(_ name: String, to probe: Probe, check: @escaping Check) {
        checks.withLock { $0[probe, default: [:]][name] = check }
    }

    /// Adds a line that `?verbose` shows below the checks for as long as there is something to say; it fails no probe.
    public func addDetail(_ name: String, to probe: Probe, text: @escaping @Sendable () -> String?) {
        details.withLock { $0[probe, default: [:]][name] = text }
    }

    /// The response for a path such as `/readyz` or `/readyz/leader`; nil if no probe has that path.
    func response(path: Substring, query: Substring = "") -> Response? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard let first = parts.first, let probe = Probe(rawValue: String(first)), parts.count <= 2 else { return nil }
        var checks = self.checks.withLock { $0[probe] ?? [:] }
        if checks.isEmpty { checks["ping"] = {} }
        if parts.count == 2 { return response(probe, check: String(parts[1]), of: checks) }
        return response(probe, checks, query: Query(query))
    }

    private func response(_ probe: Probe, check name: String, of checks: [String: Check]) -> Response {
        guard let check = checks[name] else { return Response(status: 404, body: "404 page not found\n") }
        do {
            try check()
            return Response(status: 200, body: "ok")
        } catch {
            onFailure(probe, name, error)
            return Response(status: 500, body: "internal server error: \(name) failed: reason withheld\n")
        }
    }

    private func response(_ probe: Probe, _ checks: [String: Check], query: Query) -> Response {
        var lines = ""
        var hasFailed = false
        for (name, check) in checks.sorted(by: { $0.key < $1.key }) {
            if query.excluded.contains(name) {
                lines += "[+]\(name) excluded: ok\n"
                continue
            }
            do {
                try check()
                lines += "[+]\(name) ok\n"
            } catch {
                onFailure(probe, name, error)
                lines += "[-]\(name) failed: reason withheld\n"
                hasFailed = true
            }
        }
        let unknown = query.excluded.filter { checks[$0] == nil }.sorted()
        if !unknown.isEmpty {
            let names = unknown.map { "\"\($0)\"" }.joined(separator: ",")
            lines += "warn: some health checks cannot be excluded: no matches for \(names)\n"
        }
        for (name, text) in details.withLock({ $0[probe] ?? [:] }).sorted(by: { $0.key < $1.key }) {
            guard let text = text() else { continue }
            lines += "[!]\(name): \(text.split(whereSeparator: \.isNewline).joined(separator: " "))\n"
        }
        if hasFailed { return Response(status: 500, body: "\(lines)\(probe.rawValue) check failed\n") }
        return Response(status: 200, body: query.isVerbose ? "\(lines)\(probe.rawValue) check passed\n" : "ok")
    }

    /// The parameters of a probe's query.
    private struct Query {
        var isVerbose = false
        var excluded: Set<String> = []

        init(_ text: Substring) {
            for part in text.split(separator: "&") {
                let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                switch pair[0] {
                case "verbose": isVerbose = true
                case "exclude" where pair.count == 2 && !pair[1].isEmpty && pair[1].utf8.count <= 256:
                    excluded.insert(String(pair[1]))
                default: break
                }
            }
        }
    }
}
