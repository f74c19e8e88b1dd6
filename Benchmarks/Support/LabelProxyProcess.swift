import Kube
import Planning
import PlanningInput
import TestSupport

/// A real prom-label-proxy with the arguments of the read proxy that the tenants of a view share.
struct LabelProxyProcess {
    private static let port = 8080

    /// The loopback address that it listens on.
    let address: String
    private let process: ChildProcess

    /// Starts the proxy of a fleet's plan; nil if it is not installed.
    static func start(_ fleet: GatewayFleet, _ children: Children) async throws -> LabelProxyProcess? {
        let environment = ChildProcess.environment
        let installed = ChildProcess.find("prom-label-proxy", in: [environment["TRIBUTARY_TOOLS"] ?? ".tools"])
        guard let path = environment["PROM_LABEL_PROXY_BIN"] ?? installed else { return nil }
        let deployment = fleet.plan().objects.first {
            $0.kind == "Deployment" && $0.name == GatewayNames.readProxy(of: GatewayFleet.view.name)
        }
        let container = deployment?.json["spec", "template", "spec", "containers"]?.array?.first
        let address = try freeLoopbackAddress(port: UInt16(port))
        let arguments = (container?["args"]?.array ?? []).compactMap { $0.string?.replacing("0.0.0.0", with: address) }
        let process = try children.start("read-proxy", path, arguments)
        try await waitUntil("the read proxy answers", within: .seconds(20)) {
            guard process.isRunning else { throw WaitingError(description: "the proxy ended: \(process.log)") }
            return LoopbackClient(address: address, port: port).ask(LoopbackClient.get("/healthz"))?.status == 200
        }
        return LabelProxyProcess(address: address, process: process)
    }

    /// Its memory, each shared page in equal parts.
    var memory: Double { ProcessMemory.share(of: process.pid) }
}
