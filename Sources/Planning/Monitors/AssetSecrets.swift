import Kube
import PlanningInput

/// The Secrets with the credentials that the jobs of monitors read as files. They are copied into the agent's
/// namespace, since pods cannot mount Secrets of other namespaces.
struct AssetSecrets {
    let secrets: [ConfigSecrets.Content]
    let volume: JSON

    private static let steps = [1, 16]

    /// Distributes the credentials, given with their file names, over Secrets; nil if they do not fit.
    init?(_ files: [(name: String, content: [UInt8])], of workload: String) {
        func split(_ count: Int) -> [[(name: String, content: [UInt8])]] {
            var parts = Array(repeating: [(name: String, content: [UInt8])](), count: count)
            for file in files { parts[Int(fnv1a(file.name) % UInt64(count))].append(file) }
            return parts
        }
        func fits(_ parts: [[(name: String, content: [UInt8])]]) -> Bool {
            parts.allSatisfy { $0.reduce(0) { $0 + $1.content.count } <= ConfigLayout.mostBytes }
        }
        guard let parts = Self.steps.lazy.map(split).first(where: fits) else { return nil }
        let base = "\(workload)-assets"
        secrets = parts.enumerated().map { index, files in
            var data: JSON.Members = [:]
            for file in files.sorted(by: { $0.name < $1.name }) {
                data[file.name] = .string(Base64.encode(file.content))
            }
            let name = parts.count == 1 ? base : "\(base)-of-\(parts.count)-\(index)"
            return ConfigSecrets.Content(name: name, data: .object(data))
        }
        volume =
            parts.count == 1
            ? ["secret": ["secretName": JSON(base)]]
            : ["projected": ["sources": .array(secrets.map { ["secret": ["name": JSON($0.name)]] })]]
    }
}
