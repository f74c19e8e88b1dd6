import Explanations
import Kube
import TributaryAPI

/// How a custom resource stands, as its status says.
package struct ReportedState: Sendable, Hashable {
    var health: NodeHealth
    var troubles: [Trouble]
    var behind: Int?
    var lastSample: String?
    var series: Int?
    var ready: Int?
    var desired: String?
    /// The hashrings of a view.
    var hashrings: [HashringStatus] = []

    /// Reads a status.
    package init(_ object: Object) {
        troubles = StatusReport.troubles(of: object)
        health = troubles.map { NodeHealth($0.weight) }.max() ?? .ok
        let status = object.json["status"] ?? [:]
        behind = status["delivery", "behindSeconds"]?.int
        lastSample = status["received", "lastSample"]?.string
        series = status["received", "series"]?.int
        ready = status["ready"]?.int
        desired = status["desired"]?.string
        hashrings = (status["hashrings"]?.array ?? []).compactMap { try? $0.decode(HashringStatus.self) }
    }

    /// What is wrong with a custom resource that nobody has reported on, such as one in a file.
    package init(unreported troubles: [Trouble]) {
        self.troubles = troubles
        health = troubles.map { NodeHealth($0.weight) }.max() ?? .unknown
    }
}

extension NodeHealth {
    /// How something stands that has such a trouble.
    init(_ weight: Trouble.Weight) {
        switch weight {
        case .wrong: self = .wrong
        case .progress: self = .waiting
        case .note: self = .ok
        }
    }
}
