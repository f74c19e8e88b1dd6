import Hashring
import Kube
import TributaryAPI

/// How far a global view's hashring file has come to those who read it: who runs with an older one, what to tell of it, and
/// which kubelets to tell.
struct FileArrival {
    private var rings: [String: RingConvergence] = [:]
    private var fileHash: String?
    /// Receivers that should long have had the file.
    private(set) var diagnostics: [Diagnostic] = []
    /// When to look again though nobody said anything new.
    private(set) var recheckAfter: Duration?
    /// What to write onto pods, so that they get the file sooner.
    private(set) var annotations: [PodAnnotation] = []

    init(_ view: GlobalView, _ thanos: ThanosSpec, _ plan: HashringPlan, in snapshot: Snapshot) {
        guard let text = plan.text else { return }
        let published = plan.changed(in: view.status, now: snapshot.now)
        fileHash = RingConvergence.text(of: HashringFile.configHash(of: text))
        let key = view.metadata.key
        func look(_ pods: [ObjectKey], of whose: String, isManaged: Bool, at field: String) -> RingConvergence {
            let convergence = RingConvergence(
                pods, text: text, publishedAt: published, in: snapshot)
            if let after = convergence.recheckAfter { recheckAfter = min(after, recheckAfter ?? after) }
            if let diagnostic = convergence.diagnostic(of: whose, isManaged: isManaged, view, at: field) {
                diagnostics.append(diagnostic)
            }
            return convergence
        }
        for (index, ring) in (thanos.hashrings ?? []).enumerated() {
            rings[ring.name] = look(
                snapshot.receivers(of: ring.name, in: key).filter { !$0.isTerminating }.map(\.key),
                of: "hashring \"\(ring.name)\"", isManaged: ring.isManaged, at: "spec.thanos.hashrings[\(index)]")
        }
        _ = look(
            snapshot.routers(of: key).filter { !$0.isTerminating }.map(\.key),
            of: "the routers", isManaged: true, at: "spec.thanos.router")
        annotations = snapshot.annotations(view, thanos, text: text, publishedAt: published)
    }

    /// How the view is doing, its receivers' files included.
    func readiness(_ readiness: Readiness) -> Readiness {
        guard case .ready = readiness, let behind = diagnostics.first else { return readiness }
        return .progressing(reason: behind.reason, message: behind.message)
    }

    /// Says in a view's status which receivers have an older file.
    func add(to status: inout JSON) {
        status["fileHash"] = fileHash.map { JSON($0) }
        guard let entries = status["hashrings"]?.array else { return }
        status["hashrings"] = .array(
            entries.map { entry in
                guard let more = entry["name"]?.string.flatMap({ rings[$0]?.status }) else { return entry }
                var entry = entry
                for member in ["older", "unknown"] where more[member]?.isNull == false { entry[member] = more[member] }
                return entry
            })
        let older = rings.values.reduce(0) { $0 + $1.older.count }
        if older > 0, let summary = status["hashringSummary"]?.string {
            status["hashringSummary"] = JSON("\(summary); \(older) with an older file")
        }
    }
}
