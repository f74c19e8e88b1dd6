import Hashring
import Kube
import PlanningInput

/// The arrival of a published hashring file at the pods that read it: who has an older one, what to report, which pods
/// to ask, and which kubelets to hurry.
struct FileArrival {
    private var progress: [String: FileProgress] = [:]
    private var fileHash: String?
    /// Pods that should long have had the file.
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var recheckAfter: Duration?
    /// The annotations that make kubelets update the volumes sooner.
    private(set) var annotations: [PodAnnotation] = []
    /// The pods to ask which file they have.
    private(set) var readers: [FileReader] = []

    init(_ view: ThanosView, _ hashrings: HashringPlan, _ states: FileStates) {
        guard let hash = hashrings.hash else { return }
        let snapshot = view.snapshot
        let published = hashrings.changedAt
        fileHash = HashringFile.digits(ofHash: hash)
        func look(_ pods: [ObjectKey], of owner: String, isManaged: Bool, at field: String) -> FileProgress {
            let progress = FileProgress(pods, states, expected: hash, publishedAt: published, now: snapshot.now)
            if let after = progress.recheckAfter { recheckAfter = min(after, recheckAfter ?? after) }
            if let diagnostic = progress.diagnostic(of: owner, isManaged: isManaged, view, at: field) {
                diagnostics.append(diagnostic)
            }
            return progress
        }
        for (index, hashring) in (view.spec.hashrings ?? []).enumerated() {
            progress[hashring.name] = look(
                snapshot.receivers(of: hashring.name, in: view.key).filter { !$0.isTerminating }.map(\.key),
                of: "hashring \"\(hashring.name)\"", isManaged: hashring.isManaged,
                at: "spec.thanos.hashrings[\(index)]")
        }
        _ = look(
            snapshot.routers(of: view.key).filter { !$0.isTerminating }.map(\.key),
            of: "the routers", isManaged: true, at: "spec.thanos.router")
        annotations = PodAnnotation.all(for: view, states, hash: hash, publishedAt: published)
        readers = FileReader.all(of: view, hash: hash)
    }

    /// The view's readiness, including the files of its receivers.
    func readiness(_ readiness: Readiness) -> Readiness {
        guard case .ready = readiness, let behind = diagnostics.first else { return readiness }
        return .progressing(reason: behind.reason, message: behind.message)
    }

    /// The number of a hashring's receivers with an older file; nil if none has been asked.
    func older(in hashring: String) -> Int? {
        progress[hashring].flatMap { $0.isKnown ? $0.older.count : nil }
    }

    /// Adds to a view's status which receivers have an older file.
    func add(to status: inout JSON.Members) {
        status["fileHash"] = fileHash.map { JSON($0) }
        guard let entries = status["hashrings"]?.array else { return }
        status["hashrings"] = .array(
            entries.map { entry in
                guard let more = entry["name"]?.string.flatMap({ progress[$0]?.status }) else { return entry }
                var entry = entry
                for member in ["older", "unknown"] where more[member]?.isNull == false { entry[member] = more[member] }
                return entry
            })
        let older = progress.values.reduce(0) { $0 + $1.older.count }
        if older > 0, let summary = status["hashringSummary"]?.string {
            status["hashringSummary"] = JSON("\(summary); \(older) with an older file")
        }
    }
}
