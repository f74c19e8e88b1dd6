import FoundationEssentials
import Glibc
import Kube
import Planning
import PlanningInput
import Receivers
import TestSupport
import Testing
import TributaryAPI
import YAML

/// The manifests of a folder of `examples/`, to be rendered as they are or with what a test needs otherwise.
struct Example {
    /// What does not fit.
    struct Failure: Error, CustomStringConvertible { var description: String }

    private(set) var objects: [Object]

    /// Reads all files of an example, as `kubectl apply -f` and `tributary render -f` do.
    init(_ name: String) throws {
        let folder = "\(Self.repository)/examples/\(name)"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        objects = try names.filter { $0.hasSuffix(".yaml") }.flatMap { name in
            try YAML.parse(TemporaryDirectory.read("\(folder)/\(name)"), file: name).map { Object($0.value) }
        }
    }

    /// Some objects that are in no file.
    init(_ objects: [Object]) { self.objects = objects }

    /// The names of all examples.
    static var all: [String] {
        get throws {
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(repository)/examples").sorted()
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

    /// Leaves out all objects of a kind.
    mutating func remove(_ kind: String) { objects.removeAll { $0.kind == kind } }

    /// Takes in one object more.
    mutating func add(_ object: Object) { objects.append(object) }

    /// Has Prometheus be the one that is installed, as agent and as central server.
    mutating func use(_ prometheus: InstalledPrometheus) {
        change("GlobalView") { view in
            if view["spec", "prometheus"] != nil { view["spec", "prometheus", "version"] = JSON(prometheus.version) }
        }
        change("PrometheusAgent") { $0["spec", "version"] = JSON(prometheus.version) }
    }

    /// All that the operator sees of these objects.
    func snapshot() throws -> Snapshot {
        var snapshot = Snapshot(now: .now)
        for object in objects {
            if let kind = TributaryAPI.kind(of: object), let problem = kind.problems(in: object).first {
                throw Failure(description: "\(object): \(problem)")
            }
            try snapshot.take(object)
        }
        return snapshot
    }

    /// What `tributary render --show-secrets` prints for these objects; nothing may be wrong with them, but for what a
    /// test expects word for word. `published` are ConfigMaps that were made before.
    func render(after published: [Object] = [], expecting told: [String] = []) throws -> Rendered {
        var snapshot = try snapshot()
        for object in published {
            snapshot.take(.hashrings(object.key, PublishedHashrings(object)))
            snapshot.take(.limits(object.key, PublishedLimits(object)))
        }
        let plan = Planner(snapshot).plan()
        let report = plan.monitors ?? MonitorReport()
        let found = plan.diagnostics.map(\.description) + (report.rejected + report.leftOut).map(\.description)
        guard found.sorted() == told.sorted() else {
            let lines = ["told:"] + found + ["expected:"] + told
            throw Failure(description: lines.joined(separator: "\n"))
        }
        let printed = try YAML.parse(YAML.write(plan.objects.map(\.json))).map { Object($0.value) }
        return Rendered(made: printed, given: objects)
    }

    /// The repository's root, whatever links lead to this file.
    private static let repository: String = {
        let resolved = realpath(#filePath, nil)
        defer { free(resolved) }
        let path = resolved.map { String(cString: $0) } ?? #filePath
        return path.split(separator: "/").dropLast(5).reduce(into: "") { $0 += "/\($1)" }
    }()
}

/// A rendered plan, with the objects that it was made from beside it.
struct Rendered {
    var made: [Object]
    var given: [Object]

    /// All objects of a kind.
    func all(_ kind: String) -> [Object] { (made + given).filter { $0.kind == kind } }

    /// One object; throws where it is missing.
    func object(_ kind: String, _ name: String) throws -> Object {
        guard let object = all(kind).first(where: { $0.name == name }) else {
            throw Example.Failure(description: "no \(kind) \(name), only \(all(kind).map(\.name))")
        }
        return object
    }

    /// The files that a ConfigMap or a Secret holds, by key.
    func files(_ kind: String, _ name: String) throws -> [String: String] {
        let object = try object(kind, name)
        let texts = kind == "Secret" ? object.json["stringData"]?.strings : object.json["data"]?.strings
        guard kind == "Secret" else { return texts ?? [:] }
        let decoded = try (object.json["data"]?.strings ?? [:]).mapValues { text in
            String(decoding: try #require(Data(base64Encoded: text)), as: UTF8.self)
        }
        return decoded.merging(texts ?? [:]) { _, text in text }
    }
}
