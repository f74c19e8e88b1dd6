import Kube

/// The input of the jobs of a monitor: the object, and the settings of the agent and of its scrape class.
struct MonitorBasis {
    /// The monitor.
    let object: Object
    /// The settings of the agent.
    let settings: MonitorSettings
    /// The `spec` of the monitor.
    let spec: Fields
    /// The namespace of the monitor.
    let namespace: String
    /// The scrape class of the monitor.
    let scrapeClass: AppliedScrapeClass
    /// The name of the job, or the prefix of the names of several jobs.
    let jobName: String

    init(_ kind: MonitorKind, _ object: Object, _ settings: MonitorSettings) throws(FieldError) {
        self.object = object
        self.settings = settings
        namespace = object.namespace ?? ""
        spec = try Fields(object.json["spec"] ?? [:], at: FieldPath("spec"))
        scrapeClass = try AppliedScrapeClass(of: spec, settings)
        let prefix = kind.rawValue.prefix(1).lowercased() + kind.rawValue.dropFirst()
        jobName = "\(prefix)/\(namespace)/\(object.name)"
    }
}

/// Makes the jobs of one kind of monitors.
protocol MonitorJobs {
    /// The input.
    var basis: MonitorBasis { get }
}

extension MonitorJobs {
    var object: Object { basis.object }
    var settings: MonitorSettings { basis.settings }
    var spec: Fields { basis.spec }
    var namespace: String { basis.namespace }
    var scrapeClass: AppliedScrapeClass { basis.scrapeClass }
    var jobName: String { basis.jobName }

    /// The labels of static targets.
    func staticLabels(_ fields: Fields) throws(FieldError) -> JSON.Members {
        var labels: JSON.Members = [:]
        for (name, value) in try fields.stringMap("labels") ?? [] {
            guard LabelName.isValid(name) || (settings.version.allowsAnyLabelName && !name.isEmpty) else {
                throw FieldError(fields.at("labels"), LabelName.problem(name))
            }
            labels[name] = JSON(value)
        }
        return labels
    }
}
