/// The targets of a monitor: what was found, and whether there are some.
struct TargetFindings {
    var findings: [Finding] = []
    /// Whether there are targets, as far as can be told.
    var hasTargets = false

    /// The most objects that are described one by one.
    static let most = 10

    mutating func add(_ verdict: Finding.Verdict, _ reason: String, at field: String? = nil, _ message: String) {
        findings.append(Finding(verdict, reason, at: field, message))
    }
}

/// What became of one endpoint at one Service or pod.
enum EndpointResult {
    /// It makes targets.
    case found(String)
    /// It makes targets unless what is not known is against it.
    case unsure(reason: String, String)
    /// It makes no targets.
    case missing(reason: String, String)
}

extension TargetFindings {
    /// Adds the results of one endpoint at all Services or pods: what works, else why nothing does.
    mutating func add(_ results: [EndpointResult], at field: String) {
        var (missing, found, unsure): ([(String, String)], Int, Int) = ([], 0, 0)
        for result in results.prefix(Self.most) {
            switch result {
            case .found(let text):
                found += 1
                add(.good, "TargetsFound", at: field, text)
            case .unsure(let reason, let text):
                unsure += 1
                add(.note, reason, at: field, text)
            case .missing(let reason, let text): missing.append((reason, text))
            }
        }
        let works = found + unsure > 0
        for (reason, text) in missing { add(works ? .note : .bad, reason, at: field, text) }
        if results.count > Self.most {
            add(.note, "More", at: field, "and \(results.count - Self.most) more, which are not shown")
        }
        hasTargets = hasTargets || works
    }
}
