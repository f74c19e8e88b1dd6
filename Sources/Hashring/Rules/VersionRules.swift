import Kube

extension HashringFile {
    /// The rules about what receivers of a version read. `text` is the text to publish: it tells whether endpoints without a
    /// zone are objects.
    func versionFindings(_ version: ReceiverVersion, text: String) -> [Finding] {
        var findings: [Finding] = []
        let rows = (try? JSON(parsing: text))?.array ?? []
        for (index, ring) in rings.enumerated() {
            let path = FieldPath().appending(index)
            func note(_ severity: Severity, _ field: FieldPath, _ feature: ReceiverVersion.Feature) {
                guard let problem = version.problem(feature) else { return }
                findings.append(
                    Finding(
                        severity: severity, ring: HashringContext.label(ring, index), field: field, message: problem))
            }
            let endpoints = rows.indices.contains(index) ? rows[index].folded("endpoints")?.array ?? [] : []
            if let place = endpoints.firstIndex(where: { $0.object != nil }) {
                note(.error, path.appending("endpoints").appending(place), .endpointObjects)
            }
            if !ring.externalLabels.isEmpty { note(.warning, path.appending("external_labels"), .externalLabels) }
            if let matcher = ring.tenantMatcher, matcher != .exact {
                note(.error, path.appending("tenant_matcher_type"), .tenantMatcher)
            }
            if ring.isShuffleSharded {
                note(.warning, path.appending("shuffle_sharding_config"), .shuffleSharding)
            }
        }
        return findings
    }
}

extension JSON {
    /// A member whose name Go's decoder takes for another, in any case.
    fileprivate func folded(_ name: String) -> JSON? {
        object?.first { GoObjectReader.folded($0.key) == name }?.value
    }
}
