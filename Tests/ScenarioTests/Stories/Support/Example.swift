import FoundationEssentials
import Kube
import Planning
import PlanningInput
import TestSupport
import TributaryAPI
import YAML

/// The manifests in a folder of `examples/`. A test renders them as they are or with changes.
struct Example {
    /// An example that cannot be used.
    struct Failure: Error, CustomStringConvertible { var description: String }

    private(set) var objects: [Object]
    /// How much later than now plans are made.
    var later = Duration.zero
    /// The random bytes that credentials are made from; nil makes none.
    var entropy: [UInt8]?

    /// Reads all files of an example, as `kubectl apply -f` and `tributary render -f` do.
    init(_ name: String) throws {
        let folder = "\(Checkout.root)/examples/\(name)"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        objects = try names.filter { $0.hasSuffix(".yaml") }.flatMap { name in
            try YAML.parse(TemporaryDirectory.read("\(folder)/\(name)"), file: name).map { Object($0.value) }
        }
    }

    /// Creates an example from objects that are in no file.
    init(_ objects: [Object]) { self.objects = objects }

    /// The names of all examples.
    static var all: [String] {
        get throws {
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(Checkout.root)/examples").sorted()
            return names.filter { !$0.hasSuffix(".md") }
        }
    }

    /// Changes the objects of a kind, all or the one with a name.
    mutating func change(_ kind: String, _ name: String? = nil, _ body: (inout JSON) -> Void) {
        for index in objects.indices
        where objects[index].kind == kind && objects[index].name == name ?? objects[index].name {
            body(&objects[index].json)
        }
    }

    /// Removes all objects of a kind.
    mutating func remove(_ kind: String) { objects.removeAll { $0.kind == kind } }

    /// Adds an object.
    mutating func add(_ object: Object) { objects.append(object) }

    /// Sets the version of agents and of the central server to that of an installed Prometheus.
    mutating func use(_ prometheus: InstalledPrometheus) {
        change("GlobalView") { view in
            if view["spec", "prometheus"] != nil { view["spec", "prometheus", "version"] = JSON(prometheus.version) }
        }
        change("PrometheusAgent") { $0["spec", "version"] = JSON(prometheus.version) }
    }

    /// The operator's view of these objects.
    func snapshot() throws -> Snapshot {
        var snapshot = Snapshot(now: .now.advanced(by: later))
        snapshot.entropy = entropy
        for object in objects {
            if let kind = TributaryAPI.kind(of: object), let problem = kind.problems(in: object).first {
                throw Failure(description: "\(object): \(problem)")
            }
            try snapshot.take(object)
        }
        return snapshot
    }

    /// The output of `tributary render --show-secrets` for these objects. Throws if the diagnostics are not exactly the
    /// expected ones. `published` are ConfigMaps that were published before.
    func render(after published: [Object] = [], expecting expected: [String] = []) throws -> Rendered {
        var snapshot = try snapshot()
        for object in published {
            snapshot.take(.hashrings(object.key, PublishedHashrings(object)))
            snapshot.take(.limits(object.key, PublishedLimits(object)))
        }
        let plan = Planner(snapshot).plan()
        let report = plan.monitors ?? MonitorReport()
        let found = plan.diagnostics.map(\.description) + (report.rejected + report.leftOut).map(\.description)
        guard found.sorted() == expected.sorted() else {
            let lines = ["found:"] + found + ["expected:"] + expected
            throw Failure(description: lines.joined(separator: "\n"))
        }
        let printed = try YAML.parse(YAML.write(plan.objects.map(\.json))).map { Object($0.value) }
        return Rendered(made: printed, given: objects)
    }
}
