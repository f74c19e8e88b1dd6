import Kube
import KubeClient
import KubeRuntime

/// Writes the generated ConfigMap with the verbs that thanos-receive-controller's Role has: get, create, update.
///
/// Each update names the version that it is based on, so that no other write is ever lost.
struct GeneratedWriter: Sendable {
    /// What was done when a write failed.
    enum Step: String, Sendable, CaseIterable {
        case create, update, other
    }

    /// A write that failed.
    struct Failure: Error, CustomStringConvertible {
        var step: Step
        var underlying: any Error
        var description: String {
            "cannot \(step == .other ? "read" : step.rawValue) the generated ConfigMap: \(underlying)"
        }
    }

    var api: ObjectAPI
    var options: DropInOptions

    /// If another program changes the object as often as this, the next event tries again.
    private static let mostTries = 5

    /// Writes a text into the ConfigMap; returns the server's answer, or nil if nothing had to be written.
    func write(_ text: String, base: Object, existing: Object?) async throws(Failure) -> Object? {
        var existing = existing
        for attempt in 1...Self.mostTries {
            guard
                let object = GeneratedConfigMap.desired(text: text, options: options, base: base, existing: existing)
            else { return nil }
            let step: Step = existing == nil ? .create : .update
            do {
                return existing == nil
                    ? try await api.create(.configMaps, object) : try await api.update(.configMaps, object)
            } catch let status as APIStatus {
                let isOutdated = status.isConflict || status.isAlreadyExists || step == .update && status.isNotFound
                guard isOutdated, attempt < Self.mostTries else { throw Failure(step: step, underlying: status) }
                existing = try await read()
            } catch {
                throw Failure(step: step, underlying: error)
            }
        }
        return nil
    }

    private func read() async throws(Failure) -> Object? {
        do {
            return try await api.get(.configMaps, options.generatedKey)
        } catch let status as APIStatus where status.isNotFound {
            return nil
        } catch {
            throw Failure(step: .other, underlying: error)
        }
    }
}
