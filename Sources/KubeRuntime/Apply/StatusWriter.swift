import Kube

/// Writes statuses of custom resources, each only when it has changed.
public final class StatusWriter: Sendable {
    private let api: ObjectAPI
    private let fieldManager: String
    private let time: TimeSource
    private let mayWrite: @Sendable () -> Bool
    private let writes = Locked(OwnWrites<ObjectAddress, Object>())

    /// A writer; `mayWrite` is asked before every write, for example an elector's ``Elector/isLeading``.
    public init(
        api: ObjectAPI, fieldManager: String, time: TimeSource = .system,
        mayWrite: @escaping @Sendable () -> Bool = { true }
    ) {
        self.api = api
        self.fieldManager = fieldManager
        self.time = time
        self.mayWrite = mayWrite
    }

    /// Applies a status to the `/status` subresource unless the object has it already; returns whether it was sent.
    ///
    /// `observed` is the object with its present status, as a store has it. A condition without `lastTransitionTime`
    /// gets the present one if its status is the same, else now (`meta/v1` Condition). Nothing is written if the object is
    /// gone or was replaced by another of that name.
    /// Throws ``Applier/NotLeading``, and what the API server or the client throws.
    @discardableResult
    public func write(_ status: JSON, of observed: Object, as resource: Resource) async throws -> Bool {
        let current = newest(observed, as: resource)
        let wanted = Self.keepingTransitions(
            status.droppingNulls, of: current.json["status"] ?? [:], now: time.wall().description)
        if wanted == (current.json["status"] ?? [:]).droppingNulls { return false }
        guard mayWrite() else { throw Applier.NotLeading() }
        var body = Object(resource, namespace: observed.namespace, name: observed.name, ["status": wanted])
        if let uid = observed.uid { body.json["metadata", "uid"] = .string(uid) }
        let address = ObjectAddress(resource: resource, key: observed.key)
        writes.withLock { $0.writes(address) }
        do {
            var answer = try await api.apply(resource, body, fieldManager, "status")
            // Only what the next comparison needs.
            answer.json = [
                "metadata": [
                    "uid": answer.json["metadata", "uid"] ?? .null,
                    "resourceVersion": answer.json["metadata", "resourceVersion"] ?? .null,
                ], "status": answer.json["status"] ?? [:],
            ]
            let kept = answer
            for concern in writes.withLock({ $0.wrote(kept, for: address) }) { concern() }
            return true
        } catch {
            for concern in writes.withLock({ $0.failed(address) }) { concern() }
            guard let status = error as? APIStatus,
                status.isNotFound || status.isConflict && observed.uid != nil
            else { throw error }
            return false
        }
    }

    /// Whether a watch shows of an object the version that was written last. While a write is under way, this returns true,
    /// and `concerns` is called later if it was somebody else's.
    public func isOwn(
        _ resource: Resource, _ key: ObjectKey, _ shown: ObjectVersion,
        otherwise concerns: @escaping @Sendable () -> Void
    ) -> Bool {
        let address = ObjectAddress(resource: resource, key: key)
        return writes.withLock { $0.isOwn(shown, for: address, otherwise: concerns) }
    }

    /// Forgets an object that is gone.
    public func forget(_ resource: Resource, _ key: ObjectKey) {
        writes.withLock { $0.forget(ObjectAddress(resource: resource, key: key)) }
    }

    /// An object with the newest status that is known: the one that was written last, until the store has seen it.
    ///
    /// Compute a status from this one. Otherwise two statuses that differ in a time alternate for as long as the store is
    /// behind.
    public func newest(_ observed: Object, as resource: Resource) -> Object {
        writes.withLock { $0.newest(observed, for: ObjectAddress(resource: resource, key: observed.key)) }
    }

    /// A status whose conditions have the time of their last transition.
    static func keepingTransitions(_ status: JSON, of current: JSON, now: String) -> JSON {
        guard let conditions = status["conditions"]?.array else { return status }
        let known = current["conditions"]?.array ?? []
        var status = status
        status["conditions"] = .array(
            conditions.map { condition in
                guard condition["lastTransitionTime"] == nil else { return condition }
                var condition = condition
                let before = known.first { $0["type"] == condition["type"] }
                let isSame = before?["status"] == condition["status"]
                condition["lastTransitionTime"] = (isSame ? before?["lastTransitionTime"] : nil) ?? .string(now)
                return condition
            })
        return status
    }
}
