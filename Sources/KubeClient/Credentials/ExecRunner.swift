import Kube
import Subprocess
import YAML

/// Runs an exec plugin.
enum ExecRunner {
    private static let outputLimit = 1 << 20

    /// Runs the plugin and reads its output. Throws ``KubeClientError``, without possible credentials.
    static func run(_ plugin: ExecPlugin, _ environment: [String: String]) async throws -> ExecCredential {
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
                    throw fail("did not exit within \(plugin.timeout)")
                }
                return output
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw fail(words(error, plugin))
        }
        // The reasons why the output is neither JSON nor YAML could quote a credential.
        guard let json = (try? JSON(parsing: output)) ?? (try? YAML.parse(output))?.first?.value else {
            throw fail("found \(output.count) bytes that are neither JSON nor YAML, expected an ExecCredential")
        }
        return try ExecCredential(json, plugin)
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
            let output = text.isEmpty ? "" : ": \(text.redactingCredentials.onOneLine(limit: 300))"
            let status =
                switch result.terminationStatus {
                case .exited(let code): "exited with status \(code)"
                case .signaled(let signal): "was terminated by signal \(signal)"
                }
            throw KubeClientError(.configuration, subject: plugin.subject, "\(status)\(output)")
        }
        return result.standardOutput
    }

    /// The value of `KUBERNETES_EXEC_INFO`.
    private static func info(_ plugin: ExecPlugin) -> JSON {
        var spec: JSON = ["interactive": false]
        if let cluster = plugin.clusterInfo?.value { spec["cluster"] = cluster }
        return ["apiVersion": .string(plugin.apiVersion), "kind": "ExecCredential", "spec": spec]
    }

    private static func words(_ error: SubprocessError, _ plugin: ExecPlugin) -> String {
        switch error.code {
        case .executableNotFound:
            let hint = plugin.installHint.map { ": \($0)" } ?? ""
            return "not found\(plugin.command.contains("/") ? "" : " in PATH")\(hint)"
        case .outputLimitExceeded: return "wrote more than \(outputLimit) bytes, expected an ExecCredential"
        default: return "cannot be run: \(error)"
        }
    }
}
