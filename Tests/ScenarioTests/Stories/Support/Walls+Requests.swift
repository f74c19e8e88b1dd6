import Kube
import TestSupport
import Testing

extension Walls {
    // MARK: - Credentials

    /// The value of a Secret's key.
    func value(_ key: String = "token", of secret: String) throws -> String {
        try #require(try rendered.files("Secret", secret)[key], "\(secret) has no \(key)")
    }

    func writeToken(_ tenant: String) throws -> String { try value(of: "\(tenant)-write-credential") }
    func readToken(_ tenant: String) throws -> String { try value(of: "\(tenant)-read-credential") }

    /// The Secret with the copy of a credential beside an agent.
    func copy(beside agent: String) -> String? {
        rendered.made.first { $0.kind == "Secret" && $0.name.hasPrefix("\(agent)-write-as-") }?.name
    }

    // MARK: - Requests

    /// The URL of the gateway with the prefix of all paths.
    func url(_ path: String) throws -> String {
        let prefix = example.objects.first { $0.kind == "GlobalView" }?.json["spec", "ingress", "path"]?.string
        return "\(try #require(gateway).url)\(prefix ?? "")\(path)"
    }

    /// Writes one sample of a series through the gateway, with headers; returns the status.
    func write(_ name: String, _ labels: [String: String] = [:], _ headers: String...) async throws -> Int {
        let series = labels.merging(["__name__": name]) { _, name in name }
        return try await RemoteWriter.write(
            [series], to: try url("/tenants/write"), headers: headers, options: options, story
        ).code
    }

    /// Reads through the gateway, with headers; returns the status.
    func read(_ headers: String...) async throws -> Int {
        try await curl(
            ["\(try url("/tenants/read"))/api/v1/query?query=shared"] + options + headers.flatMap { ["-H", $0] }
        ).code
    }

    /// The attempts with a credential that show series of tenant `b`, of all through the gateway.
    func leaks(_ label: String, _ token: String, under path: String = "/tenants/read") async throws -> [String] {
        let url = try url(path)
        var leaks: [String] = []
        for attempt in ReadAttempt.all {
            var attempt = attempt.labelled(label)
            attempt.arguments += options + ["-H", "Authorization: Bearer \(token)"]
            let answer = try await attempt.make(at: url)
            if answer.reveals { leaks.append("\(attempt.arguments): \(answer.code) \(answer.body)") }
        }
        return leaks
    }

    /// The ids of the tenants whose series a query finds through the gateway, and the status if it is not 200.
    func ids(_ query: String, _ label: String, _ token: String, _ headers: String...) async throws -> [String] {
        let all = (["Authorization: Bearer \(token)"] + headers).flatMap { ["-H", $0] }
        let answer = try await curl(
            ["\(try url("/tenants/read"))/api/v1/query", "--data-urlencode", "query=\(query)"] + options + all)
        guard answer.code == 200 else { return ["\(answer.code)"] }
        return Set((answer.json["data", "result"]?.array ?? []).compactMap { $0["metric", label]?.string }).sorted()
    }
}

extension String {
    /// A header with this credential.
    var bearer: String { "Authorization: Bearer \(self)" }
    /// The same letters in the other case.
    var swappingCase: String {
        String(map { Character($0.isUppercase ? $0.lowercased() : $0.uppercased()) })
    }
}
