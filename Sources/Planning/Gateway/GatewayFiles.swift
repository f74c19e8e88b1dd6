import Crypto

/// One file of a gateway's configuration.
struct GatewayFile: Hashable {
    var name: String
    var text: String
}

/// The files of a gateway's configuration.
struct GatewayFiles {
    /// The files of each Secret: first those of the gateway itself, then those of each part of the tenants. Empty if
    /// the tenants do not fit.
    private(set) var parts: [[GatewayFile]]
    /// What was left out, and why.
    let problems: [GatewayProblem]
    /// What the status port answers on `/config` when nginx serves these files; it says nothing about credentials that
    /// could be guessed faster than by asking the gateway.
    private(set) var hash = ""

    /// The file with the hashes of all others, by which the script notices files that do not belong together: the
    /// kubelet may mount one Secret before another.
    static let manifest = "manifest"
    /// The script, which does not belong to what nginx reads.
    static let script = "gateway.sh"

    init(parts: [[GatewayFile]], problems: [GatewayProblem]) {
        self.parts = parts
        self.problems = problems
        guard !parts.isEmpty else { return }
        let lines = parts.joined().sorted { $0.name < $1.name }.map { "\(SHA256.hexadecimal($0.text))  \($0.name)\n" }
        let manifest = GatewayFile(name: Self.manifest, text: lines.joined())
        hash = SHA256.hexadecimal(manifest.text)
        self.parts[0] += [manifest, GatewayFile(name: Self.script, text: GatewayScript.text)]
    }

    /// All files.
    var files: [GatewayFile] { Array(parts.joined()) }
    /// The number of parts that the tenants are in.
    var tenantParts: Int { max(parts.count - 1, 0) }
}
