import Kube

/// The scrape class of one monitor: the one that it refers to, the default class, or an empty one if there is neither.
///
/// The references of a class are resolved in the namespace of the agent. Errors of a class are reported at the field
/// `scrapeClass` of the monitor, so that they affect only the monitors of that class.
struct AppliedScrapeClass {
    /// The fields of the class.
    let fields: Fields
    /// The relabelling rules of targets.
    private(set) var relabelings: [JSON] = []
    /// The relabelling rules of metrics.
    private(set) var metricRelabelings: [JSON] = []

    /// The namespace of the references of the class.
    let namespace: String

    private let name: String
    private let path: FieldPath

    /// Finds the class of a monitor by its `spec`; throws ``FieldError`` if there is no class of that name.
    init(of spec: Fields, _ settings: MonitorSettings) throws(FieldError) {
        path = spec.at("scrapeClass")
        namespace = settings.agentNamespace
        let scrapeClass = try Self.find(try spec.text("scrapeClass"), settings, at: path)
        name = scrapeClass?.name ?? ""
        fields = try Fields(scrapeClass?.json ?? [:], at: FieldPath())
        let (fields, version) = (fields, settings.version)
        (relabelings, metricRelabelings) = try explained { () throws(FieldError) in
            (
                try Relabelings.read(fields, "relabelings", for: version),
                try Relabelings.read(fields, "metricRelabelings", for: version)
            )
        }
    }

    private static func find(
        _ name: String?, _ settings: MonitorSettings, at path: FieldPath
    ) throws(FieldError) -> ScrapeClassDefinition? {
        guard let name else {
            let defaults = settings.scrapeClasses.filter(\.isDefault)
            guard defaults.count <= 1 else {
                let names = defaults.map { "\"\($0.name)\"" }.joined(separator: " and ")
                throw FieldError(path, "is not set, and the agent has several default scrape classes: \(names)")
            }
            return defaults.first
        }
        guard let found = settings.scrapeClasses.last(where: { $0.name == name }) else {
            throw FieldError(path, "the agent has no scrape class \"\(name)\"")
        }
        return found
    }

    /// Runs a function on the class, and reports its errors as errors of the class.
    func explained<T>(_ body: () throws(FieldError) -> T) throws(FieldError) -> T {
        do throws(FieldError) { return try body() } catch {
            throw FieldError(path, "scrape class \"\(name)\" of the agent: \(error)")
        }
    }

    /// The TLS configuration of the class.
    var tls: Fields? {
        get throws(FieldError) { try explained { () throws(FieldError) in try fields.object("tlsConfig") } }
    }

    /// The `authorization` of the class.
    var authorization: Fields? {
        get throws(FieldError) { try explained { () throws(FieldError) in try fields.object("authorization") } }
    }

    /// The `attachMetadata` of the monitor or, if it has none, of the class.
    func attachMetadata(_ spec: Fields) throws(FieldError) -> Fields? {
        if let own = try spec.object("attachMetadata") { return own }
        return try explained { () throws(FieldError) in try fields.object("attachMetadata") }
    }
}
