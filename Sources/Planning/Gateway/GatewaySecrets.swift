import Kube
import PlanningInput
import TributaryAPI

/// The files of a gateway in Secrets: one for the gateway itself, and one for each part of the tenants.
///
/// All Secrets are in one projected volume, which kubelets replace as a whole. The volume names as many parts as there may
/// ever be, so that a change of their number rolls no pod.
struct GatewaySecrets {
    /// The largest number of parts.
    static let mostParts = 64
    /// The largest Secret in bytes: as Base64, it fits into a request to the API server.
    static let mostBytes = 1000 << 10

    var owner: Owner
    /// The files of each Secret, those of the gateway itself first.
    var parts: [[GatewayFile]]

    private var name: String { GatewayNames.name(of: owner.metadata.name) }
    private var labels: [String: String] {
        owner.labels(GatewayNames.component, program: GatewayNames.program)
    }

    /// Why the files do not fit into Secrets; nil if they do.
    func problem(about view: PlanKey) -> Diagnostic? {
        let sizes = parts.map { $0.reduce(0) { $0 + $1.text.utf8.count } }
        guard parts.count - 1 > Self.mostParts || sizes.contains(where: { $0 > Self.mostBytes }) else { return nil }
        return .error(
            view, "spec.gateway", "GatewayTooLarge",
            "the tenants have a configuration of \(sizes.reduce(0, +) >> 10) KiB in \(sizes.count) Secrets, of which the "
                + "largest has \((sizes.max() ?? 0) >> 10) KiB; at most \(Self.mostParts + 1) Secrets of "
                + "\(Self.mostBytes >> 10) KiB are possible: move tenants to another GlobalView")
    }

    /// The Secrets, that of the gateway itself last: what it refers to is there before.
    var objects: [Object] {
        parts.enumerated().reversed().map { index, files in
            let data = JSON.object(
                JSON.Members(uniqueKeysWithValues: files.map { ($0.name, .string(Base64.encode($0.text.utf8))) }))
            // The next plan continues with this number of parts.
            let annotations = index == 0 ? [Names.configPartsAnnotation: "\(parts.count - 1)"] : [:]
            return owner.object(
                .secrets, index == 0 ? name : Self.name(ofPart: index - 1, of: name), labels: labels,
                annotations: annotations, ["type": "Opaque", "data": data])
        }
    }

    private static func name(ofPart part: Int, of gateway: String) -> String {
        "\(gateway)-tenants-\(part < 10 ? "0" : "")\(part)"
    }

    /// The volume with the files of a view's gateway. Pods wait for the Secret of the gateway itself.
    static func volume(_ volume: String, of view: String) -> JSON {
        let name = GatewayNames.name(of: view)
        let parts = (0..<mostParts).map { part -> JSON in
            ["secret": ["name": JSON(Self.name(ofPart: part, of: name)), "optional": true]]
        }
        return [
            "name": JSON(volume),
            "projected": ["sources": .array([["secret": ["name": JSON(name)]]] + parts)],
        ]
    }
}
