import Kube

/// Whether this process works and whether it is ready, as named checks behind `/healthz` and `/readyz`.
///
/// Paths, queries and bodies are those of kube-apiserver and controller-runtime, so that their users' probes and scripts
/// work: `/readyz/<check>` runs one check, `?verbose` lists all, `?exclude=<check>` leaves one out.
public final class Health: Sendable {
    /// Which question a check answers.
    public enum Probe: String, Sendable, CaseIterable {
        /// Whether the process should be restarted if the check fails.
        case liveness = "healthz"
        /// Whether the process does its work.
        case readiness = "readyz"
    }

    /// A check: returns where all is well, throws an error that says what is wrong where it is not.
    public typealias Check = @Sendable () throws -> Void

    /// An answer to a probe.
    public struct Answer: Sendable, Equatable {
        /// The HTTP status: 200, 404 where no check has that name, or 500 where one failed.
        public var status: Int
        /// The body, plain text.
        public var body: String
    }

    private let checks = Locked<[Probe: [String: Check]]>([:])
    private let onFailure: @Sendable (Probe, String, any Error) -> Void

    /// A process that answers `ok` as long as no checks are added.
    ///
    /// The answer withholds why a check failed, as it may be read by anyone: `onFailure` is told, to log it.
    public init(onFailure: @escaping @Sendable (Probe, String, any Error) -> Void = { _, _, _ in }) {
        self.onFailure = onFailure
    }

    /// Adds a check, or replaces the one of that name; it runs for each probe, so it should be quick.
    public func add(_ name: String, to probe: Probe, check: @escaping Check) {
        checks.withLock { $0[probe, default: [:]][name] = check }
    }

    /// Answers the request for a path such as `/readyz` or `/readyz/leader`, or nil where no probe has that path.
    public func answer(path: Substring, query: Substring = "") -> Answer? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard let first = parts.first, let probe = Probe(rawValue: String(first)), parts.count <= 2 else { return nil }
        var checks = self.checks.withLock { $0[probe] ?? [:] }
        if checks.isEmpty { checks["ping"] = {} }
        if parts.count == 2 { return answer(probe, check: String(parts[1]), of: checks) }
        return answer(probe, checks, query: Query(query))
    }

    private func answer(_ probe: Probe, check name: String, of checks: [String: Check]) -> Answer {
        guard let check = checks[name] else { return Answer(status: 404, body: "404 page not found\n") }
        do {
            try check()
            return Answer(status: 200, body: "ok")
        } catch {
            onFailure(probe, name, error)
            return Answer(status: 500, body: "internal server error: \(name) failed: reason withheld\n")
        }
    }

    private func answer(_ probe: Probe, _ checks: [String: Check], query: Query) -> Answer {
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
        if hasFailed { return Answer(status: 500, body: "\(lines)\(probe.rawValue) check failed\n") }
        return Answer(status: 200, body: query.isVerbose ? "\(lines)\(probe.rawValue) check passed\n" : "ok")
    }

    /// The parts of a probe's query.
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
