import Kube

extension HashringFile {
    /// The rules about the file as a whole: it has rings, every ring can be reached, every tenant has one.
    func fileFindings() -> [Finding] {
        guard !rings.isEmpty else {
            return [
                Finding(
                    severity: .error, ring: nil, field: FieldPath(),
                    message: "the file has no hashring: receivers refuse it and keep the one before")
            ]
        }
        return unreachableFindings() + sharedTenantFindings()
    }

    private func unreachableFindings() -> [Finding] {
        guard let first = rings.firstIndex(where: \.isCatchAll), first < rings.count - 1 else { return [] }
        let catchAll = RingContext.label(rings[first], first)
        return rings.indices.dropFirst(first + 1).map { index in
            Finding(
                severity: .warning, ring: RingContext.label(rings[index], index), field: FieldPath().appending(index),
                message: "is never reached: hashring \"\(catchAll)\" before it has no tenants and takes all of them")
        }
    }

    /// Only exact ids are compared: patterns may well overlap on purpose.
    private func sharedTenantFindings() -> [Finding] {
        var owners: [String: Int] = [:]
        var findings: [Finding] = []
        for (index, ring) in rings.enumerated() where ring.tenantMatcher != .glob {
            for (place, tenant) in ring.tenants.enumerated() {
                guard let owner = owners[tenant], owner != index else {
                    owners[tenant] = index
                    continue
                }
                findings.append(
                    Finding(
                        severity: .warning, ring: RingContext.label(ring, index),
                        field: FieldPath().appending(index).appending("tenants").appending(place),
                        message: "tenant \"\(tenant)\" is also in hashring "
                            + "\"\(RingContext.label(rings[owner], owner))\", which comes first and gets all of it"))
            }
        }
        return findings
    }
}
