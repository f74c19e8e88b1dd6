import Kube
import PlanningInput
import TestSupport
import YAML

@testable import Explanations

/// The objects of files for explanations.
struct Files {
    private(set) var snapshot = Snapshot(now: .now, credentials: .assumed)
    private(set) var objects: [Object] = []

    /// Reads files of the repository by their paths from its root.
    init(_ paths: String...) throws {
        for path in paths { try add(try Checkout.read(path)) }
    }

    /// Adds the objects of a text.
    mutating func add(_ text: String) throws {
        for document in try YAML.parse(text) {
            try add(Object(document.value))
        }
    }

    /// Adds an object, or replaces it.
    mutating func add(_ object: Object) throws {
        objects.append(object)
        try snapshot.take(object)
    }

    var monitors: MonitorExplanation {
        MonitorExplanation(snapshot, TargetObjects(objects, isComplete: false))
    }

    func receivers(isComplete: Bool) -> ReceiverExplanation {
        ReceiverExplanation(snapshot, ReceiverObjects(objects, isComplete: isComplete))
    }

    var tenants: TenantExplanation { TenantExplanation(snapshot, isComplete: false) }
}
