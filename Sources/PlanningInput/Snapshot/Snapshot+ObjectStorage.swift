import Kube
import PrometheusConfig
import TributaryAPI

/// Object storages and what compacts them: how plans look them up, and what a change of one concerns.
extension Snapshot {
    // MARK: - Reading

    /// The Secrets with the configurations of object storages.
    public var storageSecrets: Set<CredentialSource> {
        Set(globalViews.values.compactMap { $0.objectStorageReference.map { CredentialSource(of: $0) } })
    }

    /// The views whose object storage's configuration is in a Secret.
    package func views(storingBy source: CredentialSource) -> Set<PlanKey> {
        let views = globalViews.values.filter { view in
            view.objectStorageReference.map { CredentialSource(of: $0) } == source
        }
        return Set(views.map { .globalView($0.metadata.key) })
    }

    /// What the pods of a view's Compactor said, by pod.
    package func compactors(of view: ObjectKey) -> [ObjectKey: CompactorState] { compactors[view] ?? [:] }

    /// The view that compacts the object storage of a view before it does: the oldest one whose configuration is in the
    /// same Secret; nil if it is that view itself.
    package func compactor(before view: GlobalView) -> ObjectKey? {
        guard let reference = view.objectStorageReference else { return nil }
        func isEarlier(_ left: GlobalView, _ right: GlobalView) -> Bool {
            let (first, second) = (left.metadata.creationTimestamp ?? "", right.metadata.creationTimestamp ?? "")
            return (first, left.metadata.key) < (second, right.metadata.key)
        }
        let all = globalViews.values.filter {
            $0.spec.thanos?.compactor != nil && $0.objectStorageReference == reference
        }
        return all.min(by: isEarlier).flatMap { $0.metadata.key == view.metadata.key ? nil : $0.metadata.key }
    }

    // MARK: - What a change concerns

    /// What a pod said concerns its view.
    mutating func takeCompactor(_ state: CompactorState?, of pod: ObjectKey, _ view: ObjectKey) -> Set<PlanKey> {
        guard globalViews[view] != nil || state == nil, compactors[view]?[pod] != state else { return [] }
        compactors[view, default: [:]][pod] = state
        if compactors[view]?.isEmpty == true { compactors[view] = nil }
        return [.globalView(view)]
    }

    /// A view with a Compactor concerns those with the same object storage: which of them compacts may change.
    mutating func takeObjectStorage(of key: ObjectKey, _ old: GlobalView?, _ new: GlobalView?) -> Set<PlanKey> {
        if new == nil { compactors[key] = nil }
        guard old?.spec.thanos?.compactor != nil || new?.spec.thanos?.compactor != nil else { return [] }
        return [old, new].reduce(into: []) { keys, view in
            guard let reference = view?.objectStorageReference else { return }
            keys.formUnion(views(storingBy: CredentialSource(of: reference)))
        }
    }
}
