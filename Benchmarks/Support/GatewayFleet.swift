import Kube
import Planning
import PlanningInput
import TributaryAPI

/// A global view with a gateway in front of an external service, and its tenants, each with its two credentials.
struct GatewayFleet: Sendable {
    static let namespace = "fleet"
    static let view = ObjectKey(namespace: namespace, name: "main")
    /// The header that names the tenant to the external service.
    static let tenantHeader = "X-Scope-OrgID"

    private(set) var snapshot = Snapshot(now: .now)
    let count: Int

    /// A view whose requests go to a URL. If the service does not isolate reads, they pass the shared read proxy.
    init(tenants count: Int, url: String, isolatesReads: Bool = true) throws {
        self.count = count
        var spec: JSON = ["writeURL": JSON("\(url)/write"), "queryURL": JSON(url)]
        if isolatesReads { spec["tenantHeader"] = JSON(Self.tenantHeader) }
        try snapshot.take(
            Object(
                GlobalView.resource, namespace: Self.namespace, name: Self.view.name,
                ["spec": ["external": spec, "gateway": [:]]]))
        for number in 0..<count {
            try snapshot.take(FleetBenchmark.tenant(number))
            for purpose in CredentialPurpose.allCases { give(number, purpose, Self.token(number, purpose)) }
        }
    }

    /// The token of a tenant, as long as those that the operator makes.
    static func token(_ number: Int, _ purpose: CredentialPurpose) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        for byte in "\(purpose) \(number)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let bytes = (0..<43).map { _ in
            hash = hash &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return letters[Int(hash >> 33) % letters.count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces a credential.
    mutating func give(_ number: Int, _ purpose: CredentialPurpose, _ token: String) {
        let credential = TenantCredential(token: token, validSince: snapshot.now)
        snapshot.take(.tenantCredential(FleetBenchmark.tenant(number).key, purpose, credential))
    }

    /// Takes in how many parts a plan has, as from the cluster.
    mutating func observe(_ plan: Plan) {
        let parts = Self.secrets(plan).count - 1
        let key = ObjectKey(namespace: Self.namespace, name: "\(Self.view.name)-gateway")
        snapshot.take(.configParts(key, parts, of: .globalView(Self.view)))
    }

    /// The plan of the view.
    func plan() -> Plan { Planner(snapshot).plan(for: .globalView(Self.view)) }

    /// The Secrets of a plan, the one of the gateway itself last.
    static func secrets(_ plan: Plan) -> [Object] { plan.objects.filter { $0.kind == "Secret" } }

    /// The files of a plan's Secrets.
    static func files(_ plan: Plan) -> [(name: String, bytes: [UInt8])] {
        secrets(plan).flatMap { secret in
            (secret.json["data"]?.object ?? [:]).compactMap { name, value in
                value.string.flatMap { Base64.decode($0.utf8) }.map { (name, $0) }
            }
        }
    }
}
