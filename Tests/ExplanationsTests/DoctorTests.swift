import Kube
import PlanningInput
import TestSupport
import Testing
import TributaryAPI
import YAML

@testable import Explanations

/// What `doctor` makes of what it finds.
@Suite("Checks of a cluster")
struct DoctorTests {
    private static let noon = Timestamp(seconds: 1_796_000_000)

    private static func at(_ seconds: Int) -> Timestamp { noon.advanced(by: .seconds(seconds)) }

    // MARK: - Permissions

    /// The roles of an installation for the whole cluster.
    @Test func `The permissions that are checked are those of the manifests`() throws {
        struct Right: Hashable {
            var group, resource, verb: String
            var name: String?
        }
        var inManifests: Set<Right> = []
        for file in ["role/cluster-role", "base/leader-election-role", "cluster/operator-role"] {
            for document in try YAML.parse(try Checkout.read("manifests/\(file).yaml")) {
                for rule in document.value["rules"]?.array ?? [] {
                    func texts(_ member: String) -> [String] { (rule[member]?.array ?? []).compactMap(\.string) }
                    let names: [String?] = rule["resourceNames"] == nil ? [nil] : texts("resourceNames")
                    for group in texts("apiGroups") {
                        for resource in texts("resources") {
                            for verb in texts("verbs") {
                                for name in names {
                                    inManifests.insert(Right(group: group, resource: resource, verb: verb, name: name))
                                }
                            }
                        }
                    }
                }
            }
        }
        let checked = Set(
            OperatorPermission.all.flatMap { permission in
                permission.verbs.map {
                    Right(group: permission.group, resource: permission.resource, verb: $0, name: permission.name)
                }
            })
        #expect(checked.subtracting(inManifests) == [])
        #expect(inManifests.subtracting(checked) == [])
    }

    @Test func `A permission that is missing is an error, or a warning that says what does not work without it`() {
        func lines(_ resource: String, _ verbs: [String]) -> [CheckLine] {
            let refused = OperatorPermission.all.filter { $0.resource == resource && $0.verbs.contains(verbs[0]) }
                .prefix(1).map { ($0, verbs, "all namespaces") }
            return PermissionCheck.lines(asked: 155, refused: refused, subject: "x", place: "all namespaces")
        }
        let error = lines("secrets", ["create", "patch"])
        #expect(error.map(\.level) == [.error])
        #expect(error[0].found.hasPrefix("x may not create,patch secrets in all namespaces"))
        let warning = lines("pods/log", ["get"])
        #expect(warning.map(\.level) == [.warning])
        #expect(warning[0].found.contains("may not get pods/log in all namespaces: statuses of agents do not say why"))
        #expect(
            PermissionCheck.lines(asked: 155, refused: [], subject: "x", place: "namespace y").map(\.found) == [
                "x has all 155 permissions that the operator needs in namespace y"
            ])
    }

    // MARK: - Definitions

    private static func tenant(_ change: (inout Object) -> Void = { _ in }) -> [(own: JSON, installed: Object?)] {
        var installed = Object(Tenant.crd)
        installed.json["status", "conditions"] = [["type": "Established", "status": "True"]]
        change(&installed)
        return [(own: Tenant.crd, installed: installed)]
    }

    private static func schema(_ object: inout Object, _ change: (inout JSON) -> Void) {
        guard var version = object.json["spec", "versions"]?[0] else { return }
        change(&version)
        object.json["spec", "versions"] = [version]
    }

    @Test func `A definition is missing, older, newer, or otherwise different`() {
        #expect(DefinitionCheck.lines(Self.tenant()).map(\.level) == [.ok])
        let missing = DefinitionCheck.lines([(own: Tenant.crd, installed: nil)])
        #expect(missing.map(\.found) == ["tenants.tributary.dev is not installed"] && missing[0].level == .error)

        let status = ["schema", "openAPIV3Schema", "properties", "status", "properties"]
        let older = DefinitionCheck.lines(
            Self.tenant { Self.schema(&$0) { $0[path: status]?["received"] = nil } })
        #expect(older.map(\.level) == [.error])
        #expect(older[0].found.hasSuffix("it lacks status.received"), "\(older)")

        let newer = DefinitionCheck.lines(
            Self.tenant { Self.schema(&$0) { $0[path: status]?["future"] = ["type": "string"] } })
        #expect(newer.map(\.level) == [.warning])
        #expect(newer[0].found.hasSuffix("it also has status.future"), "\(newer)")

        let other = DefinitionCheck.lines(
            Self.tenant { Self.schema(&$0) { $0["additionalPrinterColumns"] = [] } })
        #expect(other.map(\.level) == [.warning])

        let waiting = DefinitionCheck.lines(
            Self.tenant {
                $0.json["status", "conditions"] = [
                    ["type": "Established", "status": "False", "message": "not all names are accepted"]
                ]
            })
        #expect(waiting.map(\.level) == [.error])
        #expect(waiting[0].found.hasSuffix("is not served: not all names are accepted"))
    }

    // MARK: - The clock and the leader

    @Test(arguments: [
        (0, 0, "ok"), (4, 0, "ok"), (-4, 0, "ok"), (6, 0, "warning"), (-7, 0, "warning"), (90, 0, "error"),
        (-90, 3, "error"),
    ])
    func `A clock that is seconds off is a warning, and one that is a minute off an error`(
        offset: Int, took: Int, level: String
    ) {
        let line = ClusterChecks.clock(server: Self.at(offset), before: Self.noon, after: Self.at(took))
        #expect(line.level.rawValue == level, "\(line)")
        if offset >= 6 { #expect(line.found.contains("behind that of the API server")) }
        if offset <= -7 { #expect(line.found.contains("ahead of that of the API server")) }
    }

    private static let lease = ObjectKey(namespace: "tributary-system", name: "tributary.tributary.dev")

    @Test func `Each shard has a leader, and as many are looked for as the operator's pods are told`() {
        func pod(_ arguments: [JSON]) -> Object {
            Object(["spec": ["containers": [["name": "tributary", "args": .array(arguments)]]]])
        }
        #expect(ClusterChecks.shards([]) == 1)
        #expect(ClusterChecks.shards([pod(["run", "--leader-elect"])]) == 1)
        #expect(ClusterChecks.shards([pod(["run", "--shards=3", "--shard=0"]), pod(["run", "--shards=3"])]) == 3)
        #expect(ClusterChecks.shards([pod(["--shards=many"])]) == 1)
        let missing = ClusterChecks.leader(nil, Self.lease, shard: 2, now: Self.noon)
        #expect(
            missing.found == "there is no Lease tributary-system/tributary.tributary.dev: nobody leads shard 2")
    }

    @Test func `The leader is who holds the lease and renews it`() {
        func line(_ spec: JSON?) -> CheckLine {
            ClusterChecks.leader(spec.map { Object(["spec": $0]) }, Self.lease, now: Self.noon)
        }
        #expect(line(nil).level == .error)
        #expect(line([:]).level == .error)
        let spec: JSON = ["holderIdentity": "tributary-0", "leaseDurationSeconds": 15]
        func renewed(_ seconds: Int) -> JSON {
            var spec = spec
            spec["renewTime"] = JSON(Self.at(seconds).microTime)
            return spec
        }
        #expect(line(renewed(-3)) == CheckLine(.ok, "leader", "tributary-0 leads"))
        let late = line(renewed(-40))
        #expect(late.level == .error && late.found.contains("has not renewed Lease"), "\(late)")
    }

    // MARK: - Images and kinds

    @Test func `An image that cannot be pulled is named with a pod and the reason`() {
        func pod(_ name: String, _ image: String, _ reason: String?) -> Object {
            let state: JSON =
                reason.map { ["waiting": ["reason": JSON($0), "message": "pull access denied"]] } ?? ["running": [:]]
            return Object([
                "metadata": ["name": JSON(name), "namespace": "a"],
                "status": ["containerStatuses": [["image": JSON(image), "state": state]]],
            ])
        }
        let good = ClusterChecks.images([pod("p", "thanos:v0.41.0", nil), pod("q", "x:1", "ContainerCreating")])
        #expect(good == [CheckLine(.ok, "images", "the 2 images of 2 pods can be pulled")])
        let bad = ClusterChecks.images([
            pod("p", "x:1", "ErrImagePull"), pod("q", "x:1", "ImagePullBackOff"), pod("r", "y:1", nil),
        ])
        #expect(bad.map(\.level) == [.error])
        #expect(bad[0].found == "x:1: ErrImagePull in pod a/p and 1 more: pull access denied")
        #expect(ClusterChecks.images([]).map(\.level) == [.note])
    }

    @Test func `A kind that is not served is an error only where something needs it`() {
        func kind(_ resource: Resource, _ isServed: Bool, _ needed: String? = nil) -> ClusterChecks.OptionalKind {
            ClusterChecks.OptionalKind(resource, isServed: isServed, needed: needed, purpose: "some views")
        }
        let lines = ClusterChecks.kinds([
            kind(.httpRoutes, false, "GlobalView a/main"), kind(.grafanaDatasources, false),
            kind(.networkPolicies, true, "the operator"),
        ])
        #expect(lines.map(\.level) == [.ok, .error, .note])
        #expect(lines[1].found.contains("httproutes.gateway.networking.k8s.io, which GlobalView a/main needs"))
    }

    @Test func `The exit code is that of the worst line`() {
        func code(_ levels: CheckLine.Level...) -> Int32 {
            CheckReport(levels.map { CheckLine($0, "x", "y") }).exitCode
        }
        #expect([code(.ok, .note), code(.ok, .warning), code(.warning, .error, .ok)] == [0, 1, 2])
        let report = CheckReport([CheckLine(.error, "clock", "is off", advice: "set it"), CheckLine(.ok, "x", "y")])
        #expect(
            report.lines == [
                "error    clock: is off", "         -> set it", "ok       x: y", "errors: 1, warnings: 0",
            ])
    }
}

extension JSON {
    /// The member at a path.
    fileprivate subscript(path path: [String]) -> JSON? {
        get { path.reduce(self as JSON?) { $0?[$1] } }
        set {
            guard let first = path.first else {
                self = newValue ?? .null
                return
            }
            var inner = self[first] ?? [:]
            inner[path: Array(path.dropFirst())] = newValue
            self[first] = inner
        }
    }
}
