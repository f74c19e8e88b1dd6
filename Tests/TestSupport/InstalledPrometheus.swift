#if canImport(Glibc)
import Glibc
#endif

/// A Prometheus that is installed on this machine, for tests with the real one.
public struct InstalledPrometheus: Sendable, CustomStringConvertible {
    /// The folder with `prometheus` and `promtool`.
    public let folder: String
    /// The version, such as `2.53.4`.
    public let version: String

    /// The server.
    public var prometheus: String { "\(folder)/prometheus" }
    /// The checker.
    public var promtool: String { "\(folder)/promtool" }
    public var description: String { "Prometheus \(version)" }

    /// All that are found: on `PATH`, and unpacked as `prometheus-*` in the folder that `TRIBUTARY_TOOLS` names, or in
    /// `.tools`. Empty where there is none.
    public static func all() async -> [InstalledPrometheus] {
        let tools = ChildProcess.environment["TRIBUTARY_TOOLS"] ?? ".tools"
        var folders = TemporaryDirectory.names(in: tools).filter { $0.hasPrefix("prometheus-") }.flatMap { name in
            ["\(tools)/\(name)/usr/bin", "\(tools)/\(name)"]
        }
        if let onPath = ChildProcess.find("promtool") {
            folders.insert(String(onPath.dropLast("/promtool".count)), at: 0)
        }
        var found: [InstalledPrometheus] = []
        for folder in folders where access("\(folder)/promtool", X_OK) == 0 && access("\(folder)/prometheus", X_OK) == 0
        {
            guard let output = try? await ChildProcess.run("\(folder)/promtool", ["--version"]).output else { continue }
            let words = output.split(whereSeparator: \.isWhitespace)
            guard let word = words.firstIndex(of: "version"), word + 1 < words.count else { continue }
            found.append(InstalledPrometheus(folder: folder, version: String(words[word + 1].prefix { $0 != "+" })))
        }
        return found
    }
}
