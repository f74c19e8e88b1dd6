#if canImport(Glibc)
import Glibc
#endif

/// A Prometheus that is installed on this machine.
public struct InstalledPrometheus: Sendable, CustomStringConvertible {
    /// The folder with `prometheus` and `promtool`.
    public let folder: String
    /// The version, such as `2.53.4`.
    public let version: String

    /// The path of the server.
    public var prometheus: String { "\(folder)/prometheus" }
    /// The path of promtool.
    public var promtool: String { "\(folder)/promtool" }
    public var description: String { "Prometheus \(version)" }

    /// Whether it sends the headers that a remote write names. The build of Debian 12 does not.
    public var sendsHeaders: Bool { version != "2.42.0" }

    /// All installed versions: the one in `PATH`, and those in folders `prometheus-*` of `TRIBUTARY_TOOLS`, by default
    /// `.tools`.
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
