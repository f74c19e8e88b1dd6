import TestSupport
import Testing

/// The cluster of a scenario. Scenarios have to behave the same in both.
enum ClusterKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case local = "LocalCluster"
    case real = "kube-apiserver"

    /// The available kinds. The real API server needs its binaries.
    static var available: [ClusterKind] { RealAPIServer.assets == nil ? [.local] : allCases }

    var testDescription: String { rawValue }
}
