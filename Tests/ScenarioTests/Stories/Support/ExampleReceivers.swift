import FoundationEssentials
import Glibc
import Hashring
import Kube
import TestSupport
import Testing
import TributaryAPI

/// The receivers of the example, one for each hashring, and the files that are published for them.
struct ExampleReceivers {
    var example: Example
    private let story: Story
    private let pods: [Pod]
    private let network: LoopbackNetwork
    /// The latest published ConfigMaps.
    private var published: [ObjectKey: Object] = [:]
    private var processes: [ChildProcess] = []

    /// Starts the receivers of the example with some changes, and waits until they are ready.
    init(_ story: Story, _ change: (inout Example) -> Void) async throws {
        self.story = story
        var example = try Example("thanos")
        example.useBucket(of: story)
        example.change("StatefulSet") { set in
            set["spec", "replicas"] = 1
            var container = set["spec", "template", "spec", "containers"]?[0] ?? .null
            let arguments = (container["args"]?.array ?? []).compactMap(\.string).map { argument in
                argument
                    .replacing("--receive.replication-factor=2", with: "--receive.replication-factor=1")
                    .replacing("refresh-interval=5s", with: "refresh-interval=1s")
            }
            container["args"] = JSON(arguments)
            set["spec", "template", "spec", "containers"] = [container]
        }
        example.change("GlobalView") { view in
            view["spec", "thanos", "replicationFactor"] = 1
            let hashrings = (view["spec", "thanos", "hashrings"]?.array ?? []).map { hashring -> JSON in
                var hashring = hashring
                hashring["membership"] = nil
                hashring["shuffleSharding"] = ["shardSize": 1]
                return hashring
            }
            view["spec", "thanos", "hashrings"] = .array(hashrings)
        }
        example.change("Tenant", "tenant-a") { $0["spec", "limits"] = ["requests": ["seriesLimit": 2]] }
        example.change("Tenant", "tenant-b") { $0["spec", "externalLabels"] = ["region": "eu"] }
        example.add(
            Object(
                Tenant.resource, namespace: "observability", name: "teams",
                [
                    "spec": [
                        "globalViewRef": ["name": "main"], "hashring": "hashring-0", "id": "team-*", "matcher": "glob",
                    ]
                ]))
        change(&example)
        self.example = example
        let rendered = try example.render()
        for object in rendered.made where object.kind == "ConfigMap" { published[object.key] = object }
        pods = try ["hashring-0", "default"].map { try Pod("StatefulSet", "receive-\($0)", of: rendered) }
        network = try LoopbackNetwork(rendered, pods)
        for pod in pods {
            processes.append(try await story.start(pod, try #require(InstalledPrograms.thanos), network))
        }
        for pod in pods {
            let url = "\(try pod.url(10902))/-/ready"
            try await eventually("\(pod.name) is ready", within: .seconds(120)) { try await curl([url]).code == 200 }
        }
    }

    /// Publishes the files of a new plan, and waits until the receivers have loaded them.
    mutating func publish() async throws {
        let rendered = try example.render(after: Array(published.values))
        for object in rendered.made where object.kind == "ConfigMap" { published[object.key] = object }
        for pod in pods { try write(rendered, for: pod) }
        let text = network.map(try #require(try rendered.files("ConfigMap", "main-hashrings")["hashrings.json"]))
        let hash = Double(HashringFile.configHash(of: text))
        for (pod, process) in zip(pods, processes) {
            let url = "\(try pod.url(10902))/metrics"
            try await eventually("\(pod.name) has loaded the file", within: .seconds(120)) {
                guard process.isRunning else { throw WaitingError(description: "\(pod.name) ended: \(process.log)") }
                let lines = try await curl([url]).body.split(separator: "\n")
                let value = lines.first { $0.hasPrefix("thanos_receive_config_hash ") }?.split(separator: " ").last
                return value.flatMap { Double($0) } == hash
            }
            let ready = "\(try pod.url(10902))/-/ready"
            try await eventually("\(pod.name) is ready again", within: .seconds(120)) {
                try await curl([ready]).code == 200
            }
        }
        // A receiver that panics does so right after it has set the hash.
        try await Task.sleep(for: .milliseconds(500))
        for process in processes { try #require(process.isRunning, "\(process.log)") }
    }

    /// Replaces the files of a receiver atomically.
    private func write(_ rendered: Rendered, for pod: Pod) throws {
        for (volume, configMap) in [("hashrings", "main-hashrings"), ("limits", "main-receive-limits")] {
            for (name, text) in try rendered.files("ConfigMap", configMap) {
                let new = try story.directory.write("\(pod.name)/\(volume).new", network.map(text))
                guard rename(new, "\(pod.folder(volume, in: story.directory))/\(name)") == 0 else {
                    throw WaitingError(description: "cannot replace \(name) of \(pod.name)")
                }
            }
        }
    }

    // MARK: - Writing and reading

    /// Writes some series of a tenant to the receiver of the soft hashring, which forwards them to the right hashring.
    func write(_ series: Int, as tenant: String) async throws -> CurlResponse {
        let body = Snappy.encoded(
            WriteRequest.message((0..<series).map { ["__name__": "written", "number": "\($0)"] }))
        let path = story.directory.path("body-\(tenant)")
        try Data(body).write(to: URL(fileURLWithPath: path))
        let url = "\(try pods[1].url(19291))/api/v1/receive"
        return try await curl([
            url, "--data-binary", "@\(path)", "-H", "THANOS-TENANT: \(tenant)", "-H", "Content-Encoding: snappy",
            "-H", "Content-Type: application/x-protobuf",
        ])
    }

    /// The tenants whose series a receiver holds.
    func tenants(on index: Int) async throws -> Set<String> { Set(try await pods[index].tenants()) }

    /// Starts Thanos Query for the receivers.
    func query() async throws -> QueryAPI {
        let port = try freePort()
        var arguments = ["query", "--http-address=127.0.0.1:\(port)", "--grpc-address=127.0.0.1:\(try freePort())"]
        for pod in pods { arguments.append("--endpoint=\(try pod.address(10901))") }
        let process = try story.start("query", try #require(InstalledPrograms.thanos), arguments)
        let url = "http://127.0.0.1:\(port)"
        try await QueryAPI.untilReady("\(url)/-/ready", process)
        let api = QueryAPI(url: url)
        try await eventually("the receivers are found") { try await api.query("written").count == 11 }
        return api
    }
}
