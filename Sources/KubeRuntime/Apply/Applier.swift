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
        /// It was created or changed; this is the server's answer.
        case applied(Object)
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

        mutating func forget(_ address: ObjectAddress) {
            writes.forget(address)
            rewrites[address] = nil
            texts[address] = nil
        }
    }

    /// A resource version that no object has: API servers apply an object with it only if there is none.
    private static let versionOfNone = "1"

    private let api: ObjectAPI
    private let manager: FieldManager
    private let mayWrite: @Sendable () -> Bool
    private let state = Locked(State())

    /// An applier; `mayWrite` is asked before every write, for example an elector's ``Elector/isLeading``.
    public init(api: ObjectAPI, manager: FieldManager, mayWrite: @escaping @Sendable () -> Bool = { true }) {
        self.api = api
        self.manager = manager
        self.mayWrite = mayWrite
    }

    /// Applies an object unless it is up to date.
    ///
    /// `observed` is what a store knows of the object. If it knows nothing, the object is read first, because the store may
    /// watch only objects with our label, or be late.
    ///
    /// `replacing`, if given, makes sure that nothing is replaced unseen: it is called with the object as the server has it,
    /// or nil for none, before anything is written, and the server then writes only over that version. What it throws is
    /// thrown. A conflict (409) means that the object has changed since.
    ///
    /// Throws ``Conflict`` if an object of that name belongs to another program; throws ``NotLeading``, and what the API
    /// server or the client throws.
    @discardableResult
    public func apply(
        _ desired: Object, as resource: Resource, observed: AppliedState?,
        replacing check: (@Sendable (Object?) throws -> Void)? = nil
    ) async throws -> Outcome {
        let address = ObjectAddress(resource: resource, key: desired.key)
        let wanted = digest(of: desired, at: address)
        let (newest, rewrite) = state.withLock { state in
            (observed.map { state.writes.newest($0, for: address) }, state.rewrites[address])
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
            if known.owned == wanted || rewrite?.wanted == wanted && rewrite?.served == known.owned {
                return .unchanged
            }
        }
        var body = desired
        body.json["status"] = nil
        if let check {
            if newest != nil {
                live = try await current(resource, desired.key)
                known = live.map { AppliedState($0, as: manager) }
                if let known { try checkOwnership(of: desired, known) }
            }
            try check(live)
            body.json["metadata", "resourceVersion"] = .string(live?.resourceVersion ?? Self.versionOfNone)
        }
        guard mayWrite() else { throw NotLeading() }
        // The UID keeps an object that was replaced meanwhile from being taken over.
        if let known { body.json["metadata", "uid"] = .string(known.uid.description) }
        let answer = try await api.apply(resource, body, manager.name, nil)
        let written = AppliedState(answer, as: manager)
        state.withLock { state in
            state.writes.wrote(written, for: address)
            state.rewrites[address] =
                written.owned == wanted ? nil : Rewrite(wanted: wanted, served: written.owned)
        }
        return known?.version == written.version && written.resourceVersion != nil ? .unchanged : .applied(answer)
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

    /// Whether a watch shows of an object what this applier wrote last.
    public func hasWritten(_ resource: Resource, _ key: ObjectKey, _ shown: AppliedState) -> Bool {
        state.withLock { $0.writes.isLast(shown, for: ObjectAddress(resource: resource, key: key)) }
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
