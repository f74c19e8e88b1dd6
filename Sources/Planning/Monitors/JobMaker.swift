import Kube
import PlanningInput
import PrometheusConfig
import YAML

/// Makes the jobs of a monitor, or of a list of scrape configurations, and rejects those that Prometheus would refuse.
struct JobMaker {
    let shape: AgentJobCache.Shape
    let monitoring: Monitoring

    private var checks: ScrapeConfigChecks {
        ScrapeConfigChecks(version: shape.settings.version, scrapeInterval: shape.scrapeInterval)
    }

    /// Makes the jobs of an input.
    func make(_ input: JobInput) -> JobEntry {
        switch input {
        case .monitor(let monitor): make(monitor)
        case .own(_, let config): made(of: [config], input, uses: [])
        case .additional(let reference): makeAdditional(reference, input)
        }
    }

    // MARK: - Monitors

    private func make(_ monitor: ObservedMonitor) -> JobEntry {
        var credentials = CredentialResolver { monitoring.found($0) }
        let input = JobInput.monitor(monitor)
        let object = monitor.object
        let unknown = MonitorFields.unknown(in: object, monitor.kind)
        do throws(FieldError) {
            let jobs = try Monitors.jobs(of: object, shape.settings, &credentials)
            let own = Set(credentials.files.map(\.fileName))
            for job in jobs { try check(job, own) }
            let rendered = jobs.map { RenderedJob($0, shards: shape.shards) }
            for job in rendered { try check(size: job) }
            return JobEntry(
                input, uses: uses(credentials), files: credentials.files, jobs: rendered,
                leftOut: jobs.flatMap(\.leftOut), unknown: unknown)
        } catch {
            let isMissing = credentials.asked.contains { reference in
                if case .missing = monitoring.find(reference) { true } else { false }
            }
            let reason = isMissing ? "CredentialNotFound" : "InvalidMonitor"
            return JobEntry(
                input, uses: uses(credentials), problems: [.init(reason: reason, error: error)], unknown: unknown)
        }
    }

    private func uses(_ credentials: CredentialResolver) -> [JobEntry.Use] {
        credentials.asked.map { JobEntry.Use(reference: $0, content: monitoring.content(of: $0)) }
    }

    private func check(_ job: ScrapeJob, _ ownFiles: Set<String>) throws(FieldError) {
        if let problem = checks.problems(job.config).summary {
            throw FieldError(FieldPath("spec"), "results in a job that Prometheus would refuse: \(problem)")
        }
        if let file = foreignFile(in: job.config, ownFiles) {
            throw FieldError(
                FieldPath("spec"),
                "names \(file), the credential of another monitor: should refer to a Secret in its own namespace"
            )
        }
    }

    /// A file that holds a credential of another monitor; nil if the job names no such file.
    private func foreignFile(in value: JSON, _ own: Set<String>, isPath: Bool = false) -> String? {
        switch value {
        case .string(let text) where isPath:
            guard let name = PodPath.name(of: text, in: CredentialResolver.folder), !own.contains(name) else {
                return nil
            }
            return text
        case .array(let elements):
            return elements.lazy.compactMap { foreignFile(in: $0, own, isPath: isPath) }.first
        case .object(let members):
            return members.lazy.compactMap { key, value in
                foreignFile(in: value, own, isPath: key.hasSuffix("_file") || key == "files")
            }.first
        default: return nil
        }
    }

    private func check(size job: RenderedJob) throws(FieldError) {
        let bytes = job.texts.map(\.utf8.count).max() ?? 0
        guard bytes > RenderedJob.mostBytes else { return }
        throw FieldError(
            FieldPath("spec"), "results in a job of \(bytes) bytes; should be at most \(RenderedJob.mostBytes)")
    }

    // MARK: - Lists of scrape configurations

    private func makeAdditional(_ reference: CredentialReference, _ input: JobInput) -> JobEntry {
        let uses = [JobEntry.Use(reference: reference, content: monitoring.content(of: reference))]
        func failed(_ reason: String, _ problem: String) -> JobEntry {
            JobEntry(input, uses: uses, problems: [.init(reason: reason, error: FieldError(FieldPath(), problem))])
        }
        switch monitoring.find(reference) {
        case .unknown, .assumed: return JobEntry(input, uses: uses)
        case .missing(let reason): return failed("CredentialNotFound", reason)
        case .value(let bytes):
            do throws(YAMLError) {
                guard let documents = try YAML.parse(bytes).first else { return JobEntry(input, uses: uses) }
                if documents.value.isNull { return JobEntry(input, uses: uses) }
                guard let configs = documents.value.array else {
                    return failed(
                        "ScrapeConfigRejected", "\(reference) has \(documents.value.typeName); should have a list")
                }
                return made(of: configs, input, uses: uses)
            } catch {
                return failed("ScrapeConfigRejected", "\(reference) is not valid YAML: line \(error.position.line)")
            }
        }
    }

    private func made(of configs: [JSON], _ input: JobInput, uses: [JobEntry.Use]) -> JobEntry {
        var jobs: [RenderedJob] = []
        var problems: [JobEntry.Problem] = []
        for (index, config) in configs.enumerated() {
            let found = checks.problems(config)
            let part = config["job_name"]?.string.map { "scrape config \"\($0)\"" } ?? "scrape config \(index)"
            func reject(_ problem: String) {
                problems.append(
                    .init(reason: "ScrapeConfigRejected", error: FieldError(FieldPath(), "\(part): \(problem)")))
            }
            if let problem = found.summary {
                reject("\(problem)")
                continue
            }
            let job = RenderedJob(ScrapeJob(scrapeConfig: config), shards: shape.shards)
            do throws(FieldError) {
                try check(size: job)
                jobs.append(job)
            } catch {
                reject(error.problem)
            }
        }
        return JobEntry(input, uses: uses, jobs: jobs, problems: problems)
    }
}
