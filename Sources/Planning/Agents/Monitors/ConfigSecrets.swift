import Kube
import PlanningInput
import YAML

/// The Secrets with an agent's configuration, and the volumes that mount them.
struct ConfigSecrets {
    /// One Secret: its name, its annotations and its data in base64.
    struct Content {
        var name: String
        var annotations: [String: String] = [:]
        var data: JSON
    }

    /// What the pods of one shard mount.
    struct Shard {
        /// The Secrets, those with jobs first, so that no Secret names one that does not exist yet.
        var secrets: [Content]
        var volume: JSON
    }

    let parts: Int
    let shards: [Shard]

    /// The name of the Secret with the configuration file. With several parts, that file has no jobs.
    static func mainName(_ shardName: String, parts: Int) -> String {
        parts == 1 ? shardName : "\(shardName)-of-\(parts)"
    }

    /// The names of all Secrets with a shard's configuration.
    static func names(_ shardName: String, parts: Int) -> [String] {
        let main = mainName(shardName, parts: parts)
        return parts == 1 ? [main] : (0..<parts).map { "\(main)-\($0)" } + [main]
    }

    /// Writes the configuration in `parts` parts. `file` is the configuration without jobs. The first `scraping` shards
    /// get the jobs; the shards after them drain.
    init(
        _ file: JSON, _ layout: ConfigLayout, parts: Int, shardNames: [String], scraping: Int,
        _ cache: inout AgentJobCache
    ) {
        self.parts = parts
        let (head, tail) = Self.text(around: file)
        let jobs = layout.jobs(in: parts)
        var written: [ConfigPart.ID: ConfigPart] = [:]
        var made = 0
        func part(_ id: ConfigPart.ID, _ head: String, _ jobs: [RenderedJob], _ tail: String) -> ConfigPart {
            let result: ConfigPart
            if let known = cache.parts[id], known.holds(head: head, jobs: jobs, tail: tail) {
                result = known
            } else {
                result = ConfigPart(head: head, jobs: jobs, tail: tail, shard: id.shard)
                made += 1
            }
            written[id] = result
            return result
        }
        shards = shardNames.enumerated().map { shard, name in
            let main = Self.mainName(name, parts: parts)
            guard parts > 1 else {
                let whole = part(
                    .init(shard: shard, parts: 1, index: 0), head, shard < scraping ? layout.jobs : [], tail)
                return Shard(
                    secrets: [Content(name: main, data: [PrometheusPod.configFile: .string(whole.encoded)])],
                    volume: ["secret": ["secretName": JSON(main)]])
            }
            var secrets: [Content] = []
            for (index, jobs) in jobs.enumerated() {
                let jobs = shard < scraping ? jobs : []
                let written = part(
                    .init(shard: shard, parts: parts, index: index), jobs.isEmpty ? "scrape_configs: []\n" : "", jobs,
                    "")
                secrets.append(
                    Content(name: "\(main)-\(index)", data: ["jobs-\(index).yaml": .string(written.encoded)]))
            }
            let names = part(
                .init(shard: shard, parts: parts, index: parts), "\(head)scrape_config_files:\n- jobs-*.yaml\n", [],
                tail)
            secrets.append(
                Content(
                    name: main, annotations: [Names.configPartsAnnotation: "\(parts)"],
                    data: [PrometheusPod.configFile: .string(names.encoded)]))
            // A single volume, since kubelets replace its content as a whole.
            let volume: JSON = [
                "projected": ["sources": .array(secrets.map { ["secret": ["name": JSON($0.name)]] })]
            ]
            return Shard(secrets: secrets, volume: volume)
        }
        cache.parts = written
        cache.madeParts += made
    }

    /// The text before and after the jobs, which have the same place as in a file that is written as a whole.
    static func text(around file: JSON) -> (head: String, tail: String) {
        let members = file.object ?? [:]
        let head = members.filter { ["global", "runtime"].contains($0.key) }
        let tail = members.filter { !["global", "runtime", "scrape_configs"].contains($0.key) }
        return (
            head.isEmpty ? "" : YAML.write(.object(head)), tail.isEmpty ? "" : YAML.write(.object(tail))
        )
    }
}

/// The Secrets with the credentials that the jobs of monitors read as files. They are copied into the agent's
/// namespace, since pods cannot mount Secrets of other namespaces.
struct AssetSecrets {
    let secrets: [ConfigSecrets.Content]
    let volume: JSON

    private static let steps = [1, 16]

    /// Distributes the credentials, given with their file names, over Secrets; nil if they do not fit.
    init?(_ files: [(name: String, content: [UInt8])], agent: String) {
        func split(_ count: Int) -> [[(name: String, content: [UInt8])]] {
            var parts = Array(repeating: [(name: String, content: [UInt8])](), count: count)
            for file in files { parts[Int(fnv1a(file.name) % UInt64(count))].append(file) }
            return parts
        }
        func fits(_ parts: [[(name: String, content: [UInt8])]]) -> Bool {
            parts.allSatisfy { $0.reduce(0) { $0 + $1.content.count } <= ConfigLayout.mostBytes }
        }
        guard let parts = Self.steps.lazy.map(split).first(where: fits) else { return nil }
        let base = "\(AgentNames.name(of: agent))-assets"
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

/// The FNV-1a hash of a text, the same in every process.
func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}
