import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// A real agent that cannot send says why in its status, and that it sends once it can.
    @Suite("Whether an agent delivers", .timeLimit(.minutes(5))) struct DeliveryStory {
        /// What a server answers to remote writes.
        private static let answers: [(status: Int, body: String, cause: String, reason: String)] = [
            (401, "Unauthorized\n", "Unauthorized", "answers 401 Unauthorized: it does not accept the credentials"),
            (404, "404 page not found\n", "NotFound", "answers 404 Not Found"),
            (400, "out of order sample\n", "OutOfOrder", "answers 400: samples are out of order"),
        ]

        @Test(.withPrometheus, arguments: await InstalledPrograms.prometheuses)
        func `An agent that cannot send says why in its status, and that it sends once it can`(
            installed: InstalledPrometheus
        ) async throws {
            let answer = Locked((status: 401, body: ""))
            let server = try await ScriptedServer.start { _, reply in
                let (status, body) = answer.withLock { $0 }
                try await reply.respond(status, Array(body.utf8))
            }
            try await Pipeline.play(installed, deliveryInterval: .seconds(2)) { pipeline in
                let scenario = pipeline.scenario
                let target = try await pipeline.targets.addOutside()
                let nowhere = "http://central.does-not-exist.invalid/api/v1/write?token=secret"
                try await pipeline.applyAgent(sendingTo: nowhere, scraping: target)
                let agent = try await pipeline.startAgent(at: freeLoopbackAddress(port: 9090))
                scenario.local?.logs = { pod, container in
                    pod.name == agent.name && container == "prometheus" ? agent.process.log : nil
                }
                let found = try await pipeline.delivers("False NotSending", cause: "HostNotFound")
                #expect(found["delivery", "reason"] == "central.does-not-exist.invalid: no such host")
                #expect(!found.text().contains("secret"))

                // Prometheus 3 logs one failure a minute, whatever its cause.
                let answers = installed.version.hasPrefix("3.") ? Self.answers.prefix(1) : Self.answers[...]
                for (status, body, cause, reason) in answers {
                    answer.withLock { $0 = (status, body) }
                    if status == 401 { try await pipeline.applyAgent(sendingTo: "\(server.url)/w", scraping: target) }
                    let found = try await pipeline.delivers("False Refused", cause: cause)
                    #expect(
                        found["delivery", "reason"]?.string?.hasPrefix("127.0.0.1:\(server.port) \(reason)") == true)
                    #expect(found["delivery", "failedSamplesPerMinute"]?.int ?? 0 > 0)
                }
                answer.withLock { $0 = (200, "") }
                let good = try await pipeline.delivers("True Sending", cause: nil)
                #expect(good["delivery", "behind"] == "0s")
                #expect(good["delivery", "targetsDown"] == 0)

                // Nothing is written while nothing changes.
                try await scenario.settle()
                let version = try await scenario.get(PrometheusAgent.resource, "cluster")?.resourceVersion
                let scrapes = target.scrapes
                try await waitUntil("it scrapes on, over several looks", within: .seconds(60)) {
                    target.scrapes >= scrapes + 8
                }
                #expect(try await scenario.get(PrometheusAgent.resource, "cluster")?.resourceVersion == version)
            }
            await server.stop()
        }
    }
}

extension Pipeline {
    /// Applies the agent `cluster`, which scrapes one target each second and sends to a URL.
    fileprivate func applyAgent(sendingTo url: String, scraping target: Target) async throws {
        var spec: JSON = [
            "version": JSON(installed.version), "scrapeInterval": "1s",
            "scrapeConfigs": [["job_name": "app", "static_configs": [["targets": [JSON(target.address)]]]]],
            "remoteWrite": [
                [
                    "name": "central", "url": JSON(url),
                    "queueConfig": ["batchSendDeadline": "500ms", "maxBackoff": "1s"],
                ]
            ],
        ]
        if installed.version.hasPrefix("3.") {
            spec["additionalArgs"] = [["name": "config.auto-reload-interval", "value": "1s"]]
        }
        try await scenario.apply(PrometheusAgent.resource, "cluster", ["spec": spec])
    }

    /// Waits for a condition `Delivering` (Prometheus 3 tries for a minute to send what it has before it takes a new URL), such as `False NotSending`, with a cause; returns the status.
    fileprivate func delivers(_ condition: String, cause: String?) async throws -> JSON {
        var status: JSON = .null
        do {
            try await eventually("", within: .seconds(150)) {
                let agent = try await scenario.get(PrometheusAgent.resource, "cluster")
                status = agent?.json["status"] ?? .null
                return Scenario.condition("Delivering", of: agent) == condition
                    && status["delivery", "cause"]?.string == cause
            }
        } catch is WaitingError {
            throw WaitingError(
                description:
                    "it did not become \(condition) \(cause ?? ""); status: \(status.text()); the agent's log:\n"
                    + (agentLogs.first?.suffix(2000) ?? ""))
        }
        return status
    }
}
