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
