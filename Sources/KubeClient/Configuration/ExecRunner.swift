import Kube
import Subprocess
import YAML

/// Runs a credential plugin once.
enum ExecRunner {
    private static let outputLimit = 1 << 20

    /// Runs the plugin and reads its answer. Throws ``KubeClientError`` without anything that could be a credential.
    static func run(_ plugin: ExecPlugin, _ environment: [String: String]) async throws -> ExecAnswer {
        func fail(_ problem: String) -> KubeClientError {
            KubeClientError(.configuration, subject: plugin.subject, problem)
        }
        let output: [UInt8]
        do {
            output = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
                group.addTask { try await capture(plugin, environment) }
                group.addTask {
                    try await Task.sleep(for: plugin.timeout)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let output = first else {
                    throw fail("did not end within \(plugin.timeout)")
                }
                return output
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw fail(words(error, plugin))
        }
        guard let json = (try? JSON(parsing: output)) ?? (try? YAML.parse(output))?.first?.value else {
            throw fail("found \(output.count) bytes that are neither JSON nor YAML, expected an ExecCredential")
        }
        return try ExecAnswer(json, plugin)
    }

    private static func capture(_ plugin: ExecPlugin, _ environment: [String: String]) async throws -> [UInt8] {
        var variables = environment
        for (name, value) in plugin.environment { variables[name] = value.value }
        variables["KUBERNETES_EXEC_INFO"] = info(plugin).text()
        let custom = Dictionary(
            variables.compactMap { name, value in Environment.Key(rawValue: name).map { ($0, value) } },
            uniquingKeysWith: { first, _ in first })
        let result = try await Subprocess.run(
            plugin.command.contains("/") ? .path(.init(plugin.command)) : .name(plugin.command),
            arguments: Arguments(plugin.arguments),
            environment: environment.isEmpty
                ? .inherit.updating(custom.mapValues(Optional.some)) : .custom(custom),
            output: .bytes(limit: outputLimit), error: .bytes(limit: outputLimit))
        try Task.checkCancellation()
        guard result.terminationStatus.isSuccess else {
            let text = String(decoding: result.standardError.prefix(4096), as: UTF8.self).trimmed
            let said = text.isEmpty ? "" : ", saying: \(Redaction.redact(text).onOneLine(limit: 300))"
            let status =
                switch result.terminationStatus {
                case .exited(let code): "status \(code)"
                case .signaled(let signal): "signal \(signal)"
                }
            throw KubeClientError(.configuration, subject: plugin.subject, "ended with \(status)\(said)")
        }
        return result.standardOutput
    }

    /// `KUBERNETES_EXEC_INFO`: what the plugin is asked for.
    static func info(_ plugin: ExecPlugin) -> JSON {
        var spec: JSON = ["interactive": false]
        if let bytes = plugin.clusterInfo?.value, let cluster = try? JSON(parsing: bytes) { spec["cluster"] = cluster }
        return ["apiVersion": .string(plugin.apiVersion), "kind": "ExecCredential", "spec": spec]
    }

    private static func words(_ error: SubprocessError, _ plugin: ExecPlugin) -> String {
        switch error.code {
        case .executableNotFound:
            let hint = plugin.installHint.map { ": \($0)" } ?? ""
            return "cannot be found\(plugin.command.contains("/") ? "" : " in PATH")\(hint)"
        case .outputLimitExceeded: return "wrote more than \(outputLimit) bytes, expected an ExecCredential"
        default: return "cannot be run: \(error)"
        }
    }
}
