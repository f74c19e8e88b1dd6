import Kube
import Planning
import TributaryAPI

extension Example {
    /// Lets agents scrape some more targets, each second, and send at once, so that a story takes seconds.
    mutating func hurry(scraping targets: [Target]) {
        change("PrometheusAgent") { agent in
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
        var object = try Planner(snapshot()).manifests(forTenant: name)[0]
        object.json["metadata", "namespace"] = JSON(namespace)
        return Example([object])
    }

    /// An agent of a tenant in the view's cluster, with everything that it refers to.
    func agent(besideTenant name: String, in namespace: String = "monitoring") throws -> Example {
        guard let tenant = objects.first(where: { $0.kind == "Tenant" && $0.name == name }) else {
            throw Failure(description: "no Tenant \(name)")
        }
        let reference: JSON = ["name": JSON(name), "namespace": JSON(tenant.namespace ?? "default")]
        let agent = Object(
            PrometheusAgent.resource, namespace: namespace, name: name, ["spec": ["tenantRef": reference]])
        return Example(objects.filter { $0.kind != "PrometheusAgent" } + [agent])
    }
}
