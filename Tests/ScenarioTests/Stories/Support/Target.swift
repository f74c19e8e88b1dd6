import Kube
import Planning
import TestSupport

/// A target that serves one page of metrics and counts its scrapes.
struct Target: Sendable {
    private let server: ScriptedServer
    private let count: Locked<Int>

    /// Starts a target. The page gets the number of the scrape, from 1.
    static func start(_ page: @escaping @Sendable (Int) -> String) async throws -> Target {
        let count = Locked(0)
        let server = try await ScriptedServer.start { _, reply in
            let number = count.withLock { count in
                count += 1
                return count
            }
            try await reply.respond(
                200, headers: [("Content-Type", "text/plain; version=0.0.4")], Array((page(number) + "\n").utf8))
        }
        return Target(server: server, count: count)
    }

    /// The number of scrapes so far.
    var scrapes: Int { count.withLock { $0 } }
    /// The target's port on 127.0.0.1.
    var port: Int { server.port }
    /// The target's address.
    var address: String { "127.0.0.1:\(port)" }
    /// The requested paths, with their queries.
    var asked: Set<String> { Set(server.requests.map(\.target)) }
    /// Stops the target.
    func stop() async { await server.stop() }
}

extension Example {
    /// Lets agents scrape some more targets, each second, and send at once, so that a story takes seconds.
    mutating func hurry(_ agent: String? = nil, scraping targets: [Target]) {
        change("PrometheusAgent", agent) { agent in
            agent["spec", "scrapeInterval"] = "1s"
            let job: JSON = [
                "job_name": "app", "static_configs": [["targets": JSON(targets.map(\.address))]],
            ]
            agent["spec", "scrapeConfigs"] = .array((agent["spec", "scrapeConfigs"]?.array ?? []) + [job])
            var writes = agent["spec", "remoteWrite"]?.array ?? [["name": "tenant"]]
            for index in writes.indices {
                var queue = writes[index]["queueConfig"] ?? [:]
                queue["batchSendDeadline"] = "500ms"
                queue["maxBackoff"] = "1s"
                writes[index]["queueConfig"] = queue
            }
            agent["spec", "remoteWrite"] = .array(writes)
        }
    }

    /// Removes what a Prometheus without Kubernetes discovery would refuse.
    mutating func leaveOutKubernetesDiscovery() {
        change("PrometheusAgent") { agent in
            let jobs = agent["spec", "scrapeConfigs"]?.array ?? []
            agent["spec", "scrapeConfigs"] = .array(jobs.filter { $0["kubernetes_sd_configs"] == nil })
        }
        remove("ServiceMonitor")
        remove("PodMonitor")
    }

    /// The agent that `tributary render --tenant` prints for a tenant, in its own cluster.
    func agent(forTenant name: String, in namespace: String = "monitoring") throws -> Example {
        var object = try Planner(snapshot()).agentManifest(forTenant: name)
        object.json["metadata", "namespace"] = JSON(namespace)
        return Example([object])
    }
}
