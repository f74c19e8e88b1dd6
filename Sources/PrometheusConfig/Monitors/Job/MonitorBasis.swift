import Kube

/// What the jobs of every monitor are made from: the object, and what the agent and its scrape class add to it.
struct MonitorBasis {
    let object: Object
    let settings: MonitorSettings
    let spec: Fields
    let namespace: String
    let scrapeClass: AppliedScrapeClass
    /// What the names of its jobs are, or begin with.
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

/// What makes the jobs of one kind of monitors.
protocol MonitorJobs {
    var basis: MonitorBasis { get }
}

extension MonitorJobs {
    var object: Object { basis.object }
    var settings: MonitorSettings { basis.settings }
    var spec: Fields { basis.spec }
    var namespace: String { basis.namespace }
    var scrapeClass: AppliedScrapeClass { basis.scrapeClass }
    var jobName: String { basis.jobName }

    /// The labels that static targets are given.
    func staticLabels(_ fields: Fields) throws(FieldError) -> JSON.Members {
        var labels: JSON.Members = [:]
        for (name, value) in try fields.stringMap("labels") ?? [] {
            guard LabelName.isValid(name) || (settings.version.major >= 3 && !name.isEmpty) else {
                throw FieldError(fields.at("labels"), "\"\(name)\" is no label name")
            }
            labels[name] = JSON(value)
        }
        return labels
    }
}
