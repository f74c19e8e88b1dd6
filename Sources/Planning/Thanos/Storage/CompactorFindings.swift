import Kube
import PlanningInput

/// What the pods of a view's Compactor say of themselves.
struct CompactorFindings {
    private(set) var diagnostics: [Diagnostic] = []

    init(_ view: ThanosView) {
        let halted = view.snapshot.compactors(of: view.key).filter { $0.value == .halted }.keys.map(\.name).sorted()
        guard let pod = halted.first else { return }
        diagnostics.append(
            .error(
                view.about, "spec.thanos.compactor", "CompactorHalted",
                "pod \(pod) has halted: it found blocks that it cannot compact, mostly since two overlap; its log says "
                    + "which. Nothing is compacted, downsampled or removed until those blocks are marked with "
                    + "`thanos tools bucket mark` and the pod is restarted"))
    }
}
