import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// What is known of the Secret with the configuration of a view's object storage.
struct ObjectStorageSecret {
    /// Whether pods can start with it.
    enum State: Equatable {
        case usable
        /// No watch has shown yet whether it exists.
        case unknown
        case refused
    }

    private(set) var state = State.usable
    private(set) var diagnostics: [Diagnostic] = []
    private let field = "spec.thanos.objectStorage.secretRef"

    init(of view: GlobalView, version: PrometheusVersion, in snapshot: Snapshot) {
        guard let reference = view.objectStorageReference else { return }
        let about = PlanKey.globalView(view.metadata.key)
        switch snapshot.monitoring.find(reference) {
        case .unknown: state = .unknown
        case .assumed: break
        case .missing(let reason):
            // The Secret is in the namespace of the view, whose pods may mount it.
            var detail = reason
            if case .missing(let text) = snapshot.monitoring.found(reference, listingKeys: true) { detail = text }
            refuse(about, "ObjectStorageNotFound", "\(detail); create it with the configuration of the object storage")
        case .value(let bytes):
            let findings = StorageConfiguration.findings(in: bytes, for: version)
            if let error = findings.first(where: { $0.severity == .error }) {
                refuse(about, "ObjectStorageInvalid", "\(reference): \(error.text)")
            }
            diagnostics += findings.filter { $0.severity == .warning }.map {
                .warning(about, field, "ObjectStorageUnusual", "\(reference): \($0.text)")
            }
        }
    }

    private mutating func refuse(_ about: PlanKey, _ reason: String, _ message: String) {
        state = .refused
        diagnostics.append(
            .error(about, field, reason, "\(message); until then running pods keep what they have, and none start"))
    }
}
