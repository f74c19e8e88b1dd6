import Planning
import PlanningInput
import Testing

/// The Secret that `spec.additionalScrapeConfigs` names.
@Suite("Additional scrape configurations")
struct AdditionalScrapeConfigTests {
    static let agent = MonitorSamples.agent(
        """
        serviceMonitorSelector: {}, additionalScrapeConfigs: {name: more, key: jobs.yaml}, \
        scrapeConfigs: [{job_name: own, static_configs: [{targets: ["a:1"]}]}]
        """)

    @Test(arguments: [
        (nil, "CredentialNotFound", "there is no Secret observability/more"),
        ("- job_name: [", "ScrapeConfigRejected", "is not valid YAML"),
        ("job_name: a", "ScrapeConfigRejected", "has an object; should have a list"),
        ("- {scrape_interval: 1m}", "ScrapeConfigRejected", "job_name: is required"),
        ("- {job_name: own}", "ScrapeConfigRejected", "is already the name of another job"),
    ])
    func `Invalid additional scrape configurations do not hold up other jobs`(
        text: String?, reason: String, problem: String
    ) throws {
        var scene = try Scene(Self.agent, MonitorSamples.serviceMonitor("good"))
        if let text { try scene.add(MonitorSamples.secret("more", ["jobs.yaml": text])) }
        let plan = scene.plan(agent: "cluster")
        #expect(try plan.jobs().first == "serviceMonitor/observability/good/0" || plan.jobs().contains("own"))
        #expect(try plan.jobs().contains("serviceMonitor/observability/good/0"))
        #expect(plan.diagnostics.first?.reason == reason)
        #expect(plan.diagnostics.first?.message.contains(problem) == true, "\(plan.messages)")
    }

    @Test func `Optional additional scrape configurations may be missing without a warning`() throws {
        let optional = Self.agent.replacing("key: jobs.yaml}", with: "key: jobs.yaml, optional: true}")
        let plan = try Scene(optional).plan(agent: "cluster")
        #expect(plan.messages == [])
        #expect(try plan.jobs() == ["own"])
    }
}
