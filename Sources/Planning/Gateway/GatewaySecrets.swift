import Crypto
import Kube
import PlanningInput
import TributaryAPI

/// The files of a gateway in Secrets: the tenants' files in a Secret each, all others in one.
///
/// All Secrets are in one projected volume, which kubelets replace as a whole. The volume names as many of the tenants'
/// Secrets as there may ever be, so that a change of their number rolls no pod.
struct GatewaySecrets {
    /// The largest number of files with tenants.
    static let mostParts = 32
    /// The largest file in bytes: as Base64, it fits into a request to the API server.
    static let largestFile = 900 << 10

    var owner: Owner
    var files: [(name: String, text: String)]

    private var name: String { GatewayNames.name(of: owner.metadata.name) }
    private var labels: [String: String] {
        owner.labels(GatewayNames.component, program: GatewayNames.program)
    }

    /// The first digits of the SHA-256 of all files.
    var hash: String {
        let hash = SHA256()
        for file in files {
            hash.update("\(file.name) \(file.text.utf8.count)\n")
            hash.update(file.text)
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: hash.finish().prefix(6).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Why the files do not fit into Secrets; nil if they do.
    func problem(about view: PlanKey) -> Diagnostic? {
        let sizes = contents.map { $0.files.reduce(0) { $0 + $1.text.utf8.count } }
        guard sizes.count - 1 > Self.mostParts || sizes.contains(where: { $0 > Self.largestFile }) else { return nil }
        return .error(
            view, "spec.gateway", "GatewayTooLarge",
            "the tenants have a configuration of \(sizes.reduce(0, +) >> 10) KiB in \(sizes.count) Secrets, of which the "
                + "largest has \((sizes.max() ?? 0) >> 10) KiB; at most \(Self.mostParts + 1) Secrets of "
                + "\(Self.largestFile >> 10) KiB are possible: move tenants to another GlobalView")
    }

    /// The Secrets, those of the tenants first: what the others refer to is there before they are.
    var objects: [Object] {
        contents.reversed().map { secret in
            var data = JSON.Members()
            for file in secret.files { data[file.name] = .string(Base64.encode(file.text.utf8)) }
            return owner.object(.secrets, secret.name, labels: labels, ["type": "Opaque", "data": .object(data)])
        }
    }

    private var contents: [(name: String, files: [(name: String, text: String)])] {
        var common: [(name: String, text: String)] = []
        var parts: [(name: String, files: [(name: String, text: String)])] = []
        for file in files {
            if let part = Self.part(file.name) {
                parts.append(("\(name)-tenants-\(part)", [file]))
            } else {
                common.append(file)
            }
        }
        return [(name, common)] + parts
    }

    /// The number in the name of a file with tenants: `07` of `tenants-07.conf`.
    private static func part(_ file: String) -> Substring? {
        guard file.hasPrefix("tenants-"), file.hasSuffix(".conf") else { return nil }
        return file.dropFirst(8).dropLast(5)
    }

    /// The volume with the files of a view's gateway. Pods wait for the Secret with `nginx.conf`.
    static func volume(_ volume: String, of view: String) -> JSON {
        let name = GatewayNames.name(of: view)
        let parts = (0..<mostParts).map { part -> JSON in
            ["secret": ["name": JSON("\(name)-tenants-\(part < 10 ? "0" : "")\(part)"), "optional": true]]
        }
        return [
            "name": JSON(volume),
            "projected": ["sources": .array([["secret": ["name": JSON(name)]]] + parts)],
        ]
    }
}
