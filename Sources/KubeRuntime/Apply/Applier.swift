import Kube
import KubeClient
import Logging

/// Applies objects, and writes nothing where they are up to date.
///
/// Objects are written by server-side apply. The fields that our field manager owns on the existing object are compared
/// with those that are wanted; fields of other managers do not count and are kept. Objects of other programs are never
/// changed.
public final class Applier: Sendable {
    /// What became of an object.
    public enum Outcome: Sendable {
        /// It was up to date; nothing was sent that changed it.
        case unchanged
        /// It was created or changed; this is the server's answer, and what counts of it.
        case applied(Object, AppliedState)
        /// It was created a moment ago as it is wanted, and no watch has shown it yet.
        case awaited
        /// It is being deleted, and can be created again once it is gone.
        case terminating
    }

    /// An object of that name exists and belongs to another program.
    public struct Conflict: Error, Sendable, Hashable, CustomStringConvertible {
        /// The object as messages name it.
        public var object: String
        /// What tells that it belongs to another program.
        public var found: String

        /// A conflict.
        public init(object: String, found: String) {
            self.object = object
            self.found = found
        }

        /// The object, what was found and what was expected.
        public var description: String {
            "\(object): found an object that \(found), expected none or one that this program manages"
        }
    }

    /// A write was not sent because this process may not write now.
    public struct NotLeading: Error, Sendable, CustomStringConvertible {
        /// What was not done, and why.
        public var description: String { "nothing was written: this process does not hold the lease" }
    }

    /// What the server stored where that differs from what was sent: rewritten quantities, defaults in place of nulls.
    private struct Rewrite: Sendable {
        var wanted: Digest
        var served: Digest
    }

    private struct State: Sendable {
        var writes = OwnWrites<ObjectAddress, AppliedState>()
        var rewrites: [ObjectAddress: Rewrite] = [:]
        var texts: [ObjectAddress: TextDigests] = [:]
        /// Where an object is that no store showed, such as one of another program: it is read before the next try.
        var unshown: Set<ObjectAddress> = []
        /// When objects were created that no store has shown yet.
        var created: [ObjectAddress: Duration] = [:]

        /// Whether an object that no store shows may exist all the same.
        func mayExist(_ address: ObjectAddress) -> Bool { writes[address] != nil || unshown.contains(address) }

        /// An object that was created a moment ago; nil if it is long enough ago for a watch to have shown it.
        func justCreated(_ address: ObjectAddress, now: Duration) -> AppliedState? {
            guard let at = created[address], now - at < Applier.patience else { return nil }
            return writes[address]
        }

        mutating func isShown(_ address: ObjectAddress) {
            guard created.removeValue(forKey: address) != nil, created.isEmpty else { return }
            created = [:]  // else the table would stay as large as it ever was
        }

        mutating func isUnshown(_ address: ObjectAddress) {
            // Without a limit, names that others hold would stay here after their custom resources are gone.
            if unshown.count >= Applier.mostUnshown { unshown = [] }
            unshown.insert(address)
        }

        mutating func forget(_ address: ObjectAddress) {
            writes.forget(address)
            rewrites[address] = nil
            texts[address] = nil
            unshown.remove(address)
            isShown(address)
        }
    }

    /// How long an object that was created may take until a watch shows it. After that it is read.
    public static let patience = Duration.seconds(5)

    /// How many objects that no store shows are remembered.
    private static let mostUnshown = 1000

    /// A resource version that no object has: API servers apply an object with it only if there is none.
    private static let versionOfNone = "1"

    private let api: ObjectAPI
    private let manager: FieldManager
    private let mayWrite: @Sendable () -> Bool
    private let time: TimeSource
    private let state = Locked(State())

    /// An applier; `mayWrite` is asked before every write, for example an elector's ``Elector/isLeading``.
    public init(
        api: ObjectAPI, manager: FieldManager, time: TimeSource = .system,
        mayWrite: @escaping @Sendable () -> Bool = { true }
    ) {
        self.api = api
        self.manager = manager
        self.time = time
        self.mayWrite = mayWrite
    }

    /// Applies an object unless it is up to date.
    ///
    /// `observed` is what a store knows of the object. If it knows nothing, the object is created by one request that the
    /// server refuses if there is one already: the store may watch only objects with our label, or be late. An object that
    /// is there is read then, and judged like one that the store knows.
    ///
    /// `replacing`, if given, makes sure that nothing is replaced unseen: it is called with the object as the server has it,
    /// or nil for none, before anything is written, and the server then writes only over that version. What it throws is
    /// thrown. A conflict (409) means that the object has changed since. A caller for whom none would be a surprise says so
    /// with `isNew`: the object is then read, and not just created.
    ///
    /// Throws ``Conflict`` if an object of that name belongs to another program; throws ``NotLeading``, and what the API
    /// server or the client throws.
    @discardableResult
    public func apply(
        _ desired: Object, as resource: Resource, observed: AppliedState?, isNew: Bool = true,
        replacing check: (@Sendable (Object?) throws -> Void)? = nil
    ) async throws -> Outcome {
        let address = ObjectAddress(resource: resource, key: desired.key)
        let wanted = digest(of: desired, at: address)
        let now = time.now()
        let (newest, rewrite, mayExist, created) = state.withLock { state in
            if observed != nil { state.isShown(address) }
            return (
                observed.map { state.writes.newest($0, for: address) }, state.rewrites[address],
                state.mayExist(address), state.justCreated(address, now: now)
            )
        }
        func isWanted(_ known: AppliedState) -> Bool {
            known.owned == wanted || rewrite?.wanted == wanted && rewrite?.served == known.owned
        }
        if newest == nil, let created, isWanted(created) { return .awaited }
        if newest == nil, isNew, !mayExist {
            try check?(nil)
            if let (answer, written) = try await create(desired, wanted, at: address) {
                return .applied(answer, written)
            }
        }
        var known = newest
        var live: Object?
        if known == nil {
            live = try await current(resource, desired.key)
            known = live.map { AppliedState($0, as: manager) }
        }
        if let known {
            try checkOwnership(of: desired, known)
            if known.isBeingDeleted { return .terminating }
            if isWanted(known) { return .unchanged }
        }
        var expected: [String: String] = [:]
        if let check {
            if newest != nil {
                live = try await current(resource, desired.key)
                known = live.map { AppliedState($0, as: manager) }
                if let known { try checkOwnership(of: desired, known) }
            }
            try check(live)
            expected["resourceVersion"] = live?.resourceVersion ?? Self.versionOfNone
        }
        // The UID keeps an object that was replaced meanwhile from being taken over, and the version one that was created.
        if let known {
            expected["uid"] = known.uid.description
        } else {
            expected["resourceVersion"] = Self.versionOfNone
        }
        let (answer, written) = try await send(desired, wanted, at: address, expecting: expected)
        return known?.version == written.version && written.resourceVersion != nil
            ? .unchanged : .applied(answer, written)
    }

    /// Creates an object; nil if there is one already.
    private func create(
        _ desired: Object, _ wanted: Digest, at address: ObjectAddress
    ) async throws -> (answer: Object, written: AppliedState)? {
        do {
            let result = try await send(
                desired, wanted, at: address, expecting: ["resourceVersion": Self.versionOfNone])
            let now = time.now()
            state.withLock { $0.created[address] = now }
            return result
        } catch let status as APIStatus where status.code == 409 {
            state.withLock { $0.isUnshown(address) }
            return nil
        }
    }

    /// Sends an apply, which the server refuses if the object's metadata is not as expected; returns the answer, and what of it
    /// counts.
    private func send(
        _ desired: Object, _ wanted: Digest, at address: ObjectAddress, expecting metadata: [String: String]
    ) async throws -> (answer: Object, written: AppliedState) {
        guard mayWrite() else { throw NotLeading() }
        var body = desired
        body.json["status"] = nil
        for (member, value) in metadata { body.json["metadata", member] = .string(value) }
        state.withLock { $0.writes.writes(address) }
        let answer: Object
        do {
            answer = try await api.apply(address.resource, body, manager.name, nil)
        } catch {
            for concern in state.withLock({ $0.writes.failed(address) }) { concern() }
            throw error
        }
        // A watch may have been faster than the answer, and this is not read twice.
        let shown = state.withLock { $0.writes.shown(answer.version, for: address) }
        let written = shown ?? AppliedState(answer, as: manager)
        let concerns = state.withLock { state in
            state.unshown.remove(address)
            state.rewrites[address] =
                written.owned == wanted ? nil : Rewrite(wanted: wanted, served: written.owned)
            return state.writes.wrote(written, for: address)
        }
        for concern in concerns { concern() }
        return (answer, written)
    }

    private func digest(of desired: Object, at address: ObjectAddress) -> Digest {
        var texts = state.withLock { $0.texts[address] } ?? TextDigests()
        let digest = Digest(FieldManager.comparable(desired.json), &texts)
        let kept = texts.isEmpty ? nil : texts
        state.withLock { $0.texts[address] = kept }
        return digest
    }

    /// Deletes an object with a UID; returns whether it was there.
    ///
    /// What it owns is deleted in the background. Throws ``NotLeading``, and what the API server or the client throws.
    @discardableResult
    public func deleteOwned(_ resource: Resource, _ key: ObjectKey, uid: UID) async throws -> Bool {
        try await delete(resource, key, uid: uid, .background)
    }

    func delete(
        _ resource: Resource, _ key: ObjectKey, uid: UID, _ propagation: DeleteOptions.Propagation
    ) async throws -> Bool {
        guard mayWrite() else { throw NotLeading() }
        forget(resource, key)
        do {
            try await api.delete(resource, key, DeleteOptions(uid: uid.description, propagation: propagation))
            return true
        } catch let status as APIStatus where status.isNotFound {
            return false
        } catch let status as APIStatus where status.isConflict {
            // Another object has the name now; the one with this UID is gone.
            return false
        }
    }

    /// What counts of an object that a watch or an answer shows. It was read already if this applier wrote that version last.
    public func state(of object: Object, as resource: Resource) -> AppliedState {
        let written = state.withLock { $0.writes[ObjectAddress(resource: resource, key: object.key)] }
        if let written, written.version == object.version, written.resourceVersion != nil { return written }
        return AppliedState(object, as: manager)
    }

    /// Whether a watch shows of an object what this applier wrote last. While a write is under way, this returns true, and
    /// `concerns` is called later if it was somebody else's.
    public func isOwn(
        _ resource: Resource, _ key: ObjectKey, _ shown: AppliedState,
        otherwise concerns: @escaping @Sendable () -> Void
    ) -> Bool {
        let address = ObjectAddress(resource: resource, key: key)
        return state.withLock { $0.writes.isOwn(shown.version, shown, for: address, otherwise: concerns) }
    }

    /// Forgets what is known about an object, for example when it is gone.
    public func forget(_ resource: Resource, _ key: ObjectKey) {
        state.withLock { $0.forget(ObjectAddress(resource: resource, key: key)) }
    }

    /// Reads an object; nil if it does not exist. Throws what the API server or the client throws.
    public func current(_ resource: Resource, _ key: ObjectKey) async throws -> Object? {
        do {
            return try await api.get(resource, key)
        } catch let status as APIStatus where status.isNotFound {
            return nil
        }
    }

    private func checkOwnership(of desired: Object, _ known: AppliedState) throws(Conflict) {
        if let owner = known.owner {
            let isOurs = desired.ownerReferences.contains { reference in
                // The UID may differ: the owner may have been deleted without its objects, and created again.
                reference.kind == owner.kind && reference.group == owner.group && reference.name == owner.name
            }
            if isOurs { return }
            throw Conflict(
                object: desired.description, found: "belongs to \(owner.kind) \(owner.name)")
        }
        guard known.hasLabel || known.isApplied else {
            throw Conflict(
                object: desired.description,
                found: "has neither our owner nor the label \(FieldManager.label)=\(manager.managedBy)")
        }
    }
}
