import Kube

extension ReceiverFlags {
    /// What a hashring expects of the arguments of its receivers. What is nil is not looked at.
    public struct Expectation: Sendable {
        /// The copies of each series, and what sets them.
        public var replicationFactor: (count: Int, by: String)?
        /// The protocol by which receivers forward, and what sets it.
        public var replicationProtocol: (name: String, by: String)?
        /// The header with the tenant, which the gateway sets.
        public var tenantHeader: String?
        /// The label with the tenant, and what sets it.
        public var tenantLabel: (name: String, by: String)?
        /// The address of the first pod in the hashring file.
        public var address: String?
        /// The ConfigMap and its key with the hashring file; nil for receivers in another namespace, which mount a copy.
        public var configMap: (name: String, key: String)?

        /// Expects nothing yet.
        public init() {}
    }

    /// An argument that does not fit: the flag, and what is wrong with it.
    public struct Difference: Sendable, Hashable {
        /// The flag, without its dashes.
        public var flag: String
        /// What was found, what it causes, and what would be right.
        public var message: String

        /// A difference.
        public init(flag: String, message: String) { (self.flag, self.message) = (flag, message) }
    }

    /// How the arguments differ from what is expected. Receivers that read no hashring file only store what routers forward
    /// to them.
    public func differences(from expected: Expectation) -> [Difference] {
        var found = tenancy(expected)
        guard has("receive.hashrings-file") || has("receive.hashrings") else { return found }
        found += copies(expected) + localEndpoint(expected) + hashringFile(expected)
        return found
    }

    private func copies(_ expected: Expectation) -> [Difference] {
        var result: [Difference] = []
        let factor = "receive.replication-factor"
        if let (count, by) = expected.replicationFactor, !has(factor) || known(factor) != nil,
            Int(known(factor) ?? "1") != count
        {
            let found = has(factor) ? known(factor) ?? "" : "not set, which means 1"
            result.append(
                Difference(
                    flag: factor,
                    message: "is \(found), but \(by) is \(count): hashrings are planned for that many copies, "
                        + "and receivers make others; both should be equal"))
        }
        let spoken = "receive.replication-protocol"
        if let (name, by) = expected.replicationProtocol, !has(spoken) || known(spoken) != nil,
            known(spoken) ?? "protobuf" != name
        {
            result.append(
                Difference(
                    flag: spoken,
                    message:
                        "is \(known(spoken) ?? "not set, which means protobuf"), but \(by) is \(name); both should be "
                        + "equal"))
        }
        return result
    }

    private func tenancy(_ expected: Expectation) -> [Difference] {
        var result: [Difference] = []
        let header = "receive.tenant-header"
        if let right = expected.tenantHeader {
            if let found = known(header), found.lowercased() != right.lowercased() {
                result.append(
                    Difference(
                        flag: header,
                        message:
                            "is \(found), which goes before \(right): a caller that sends it chooses its tenant; remove "
                            + "the flag"))
            }
            if let label = known("receive.split-tenant-label-name"), !label.isEmpty {
                result.append(
                    Difference(
                        flag: "receive.split-tenant-label-name",
                        message:
                            "is \(label), which goes before \(right): a caller whose series have that label chooses its "
                            + "tenant; remove the flag"))
            }
        }
        let label = "receive.tenant-label-name"
        if let (name, by) = expected.tenantLabel, !has(label) || known(label) != nil,
            known(label) ?? "tenant_id" != name
        {
            result.append(
                Difference(
                    flag: label,
                    message:
                        "is \(known(label) ?? "not set, which means tenant_id"), but \(by) is \(name): tenants would read "
                        + "nothing; both should be equal"))
        }
        return result
    }

    private func localEndpoint(_ expected: Expectation) -> [Difference] {
        let flag = "receive.local-endpoint"
        guard let address = expected.address else { return [] }
        guard has(flag) else {
            return [
                Difference(
                    flag: flag,
                    message:
                        "is not set, so the receiver stores nothing and forwards to itself; should be \(address) in its "
                        + "first pod")
            ]
        }
        guard let found = known(flag), found != address else { return [] }
        return [
            Difference(
                flag: flag,
                message:
                    "is \(found) in the first pod, but the hashring file has \(address): the receiver does not find "
                    + "itself and forwards its own series; both should be equal to the byte")
        ]
    }

    private func hashringFile(_ expected: Expectation) -> [Difference] {
        guard let (name, key) = expected.configMap else { return [] }
        let right = "should be the key \(key) of ConfigMap \"\(name)\""
        let flag = "receive.hashrings-file"
        guard let file else {
            return [
                Difference(
                    flag: "receive.hashrings",
                    message: "fixes the hashrings, which then follow nothing; use --\(flag), which \(right)")
            ]
        }
        let path = known(flag) ?? ""
        switch file {
        case .other: return []
        case .nothing:
            return [Difference(flag: flag, message: "is \(path), where no volume is mounted; \(right)")]
        case .configMap(let found, let foundKey, let isSingleFile):
            if found != name || foundKey != key {
                let what = found == name ? "key \(foundKey)" : "key \(foundKey) of ConfigMap \"\(found)\""
                return [Difference(flag: flag, message: "is \(path), which is the \(what); \(right)")]
            }
            guard isSingleFile else { return [] }
            return [
                Difference(
                    flag: flag,
                    message: "is \(path), which is mounted by subPath and so never changes; mount the whole volume")
            ]
        }
    }
}
