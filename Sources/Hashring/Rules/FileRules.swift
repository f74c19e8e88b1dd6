import Kube

extension HashringFile {
    /// The rules about the whole file: it has hashrings, all of them are reached, and tenants are listed once.
    func fileFindings() -> [Finding] {
        guard !rings.isEmpty else {
            return [
                Finding(
                    severity: .error, ring: nil, field: FieldPath(),
                    message: "the file has no hashrings: receivers refuse it and keep the previous one; add a hashring")
            ]
        }
        return nameFindings() + unreachableFindings() + sharedTenantFindings()
    }

    /// The rule about names: the metrics of two hashrings of one name cannot be told apart. Receivers panic if both are
    /// shuffle-sharded, which is an error of its own.
    private func nameFindings() -> [Finding] {
        var first: [String: Int] = [:]
        return rings.enumerated().compactMap { index, ring in
            guard !ring.name.isEmpty, let other = first.updateValue(first[ring.name] ?? index, forKey: ring.name),
                !(ring.isShuffleSharded && rings[other].isShuffleSharded)
            else { return nil }
            return Finding(
                severity: .warning, ring: HashringContext.label(ring, index),
                field: FieldPath().appending(index).appending("hashring"),
                message: "hashring \(other + 1) of the file has this name, too: metrics of receivers mix them up; give "
                    + "each a different name")
        }
    }

    private func unreachableFindings() -> [Finding] {
        guard let first = rings.firstIndex(where: \.isCatchAll), first < rings.count - 1 else { return [] }
        let catchAll = HashringContext.label(rings[first], first).printable
        return rings.indices.dropFirst(first + 1).map { index in
            Finding(
                severity: .warning, ring: HashringContext.label(rings[index], index),
                field: FieldPath().appending(index),
                message:
                    "is never reached: hashring \"\(catchAll)\" before it has no tenants and so serves all of them; "
                    + "put that one last")
        }
    }

    /// The rule about tenants that no hashring lists. A file may list all tenants on purpose.
    func uncaughtFindings() -> [Finding] {
        guard !rings.isEmpty, !rings.contains(where: \.isCatchAll) else { return [] }
        return [
            Finding(
                severity: .warning, ring: nil, field: FieldPath(),
                message:
                    "requests of tenants that no hashring lists fail; unless this is intended, add a hashring without "
                    + "tenants at the end")
        ]
    }

    private func sharedTenantFindings() -> [Finding] {
        var owners: [String: Int] = [:]
        var patterns: [(ring: Int, pattern: GlobPattern, text: String)] = []
        // Comparing all would take long for more patterns and tenants than a person would write.
        var comparisons = 0
        var findings: [Finding] = []
        for (index, ring) in rings.enumerated() {
            for (place, tenant) in ring.tenants.enumerated() {
                let field = FieldPath().appending(index).appending("tenants").appending(place)
                let label = HashringContext.label(ring, index)
                func found(_ what: String, in owner: Int) {
                    findings.append(
                        Finding(
                            severity: .warning, ring: label, field: field,
                            message:
                                "\(what) hashring \"\(HashringContext.label(rings[owner], owner).printable)\", which "
                                + "comes first and gets all its series; list it in one hashring"))
                }
                let kind = ring.tenantMatcher == .glob ? "pattern" : "tenant"
                let quoted = "\(kind) \"\(tenant.printable)\""
                if let owner = owners["\(kind) \(tenant)"] {
                    if owner != index { found("\(quoted) is also in", in: owner) }
                    continue
                }
                owners["\(kind) \(tenant)"] = index
                guard kind == "tenant", comparisons < 1_000_000 else { continue }
                comparisons += patterns.count
                if let owner = patterns.first(where: { $0.pattern.matches(tenant) }) {
                    found("\(quoted) also matches \"\(owner.text.printable)\" of", in: owner.ring)
                }
            }
            guard ring.tenantMatcher == .glob else { continue }
            patterns += ring.tenants.compactMap { text in GlobPattern(text).map { (index, $0, text) } }
        }
        return findings
    }
}
