import Kube

/// The rules about tenant ids.
public enum TenantID {
    /// Why text cannot be a tenant id, to follow the quoted id in a message; nil if it can.
    ///
    /// Thanos itself refuses less: with `..` it would write outside the data directory (`pkg/tenancy`, Thanos 0.43).
    public static func problem(_ id: String) -> String? {
        if id.isEmpty { return "is empty" }
        if id == "." || id == ".." {
            return "is the name of a directory: an ingester would write outside the tenant's own"
        }
        if id.utf8.contains(UInt8(ascii: "/")) {
            return "contains \"/\": it cannot be the name of an ingester's directory"
        }
        if id.utf8.count > 255 { return "is \(id.utf8.count) bytes long: file names have at most 255" }
        if id.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            return "contains a control character, which HTTP headers cannot carry"
        }
        if id.utf8.first == 0x20 || id.utf8.last == 0x20 {
            return "begins or ends with a space, which HTTP headers do not preserve"
        }
        return nil
    }
}

extension TenantID {
    /// Whether no request can have this id, so that it does no harm.
    static func neverArrives(_ id: String) -> Bool {
        id.isEmpty || id.utf8.first == 0x20 || id.utf8.last == 0x20
            || id.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    }
}

extension HashringContext {
    /// The rules about tenants: their matcher is known, and each is an id or a pattern. `hasCatchAll` says whether a
    /// hashring after this one serves the tenants that this one does not.
    func tenantFindings(hasCatchAll: Bool) -> [Finding] {
        let matcher = ring.tenantMatcher ?? .exact
        guard matcher == .exact || matcher == .glob else {
            guard !ring.isCatchAll else { return [] }
            let effect = hasCatchAll ? "its tenants go to the hashring without tenants" : "requests of its tenants fail"
            return [
                finding(
                    hasCatchAll ? .warning : .error, path.appending("tenant_matcher_type"),
                    "\"\(matcher.rawValue.printable)\" is unknown and matches no tenant: \(effect); should be exact "
                        + "or glob"
                )
            ]
        }
        return ring.tenants.enumerated().compactMap { place, tenant in
            let path = path.appending("tenants").appending(place)
            if matcher == .glob {
                guard GlobPattern(tenant) == nil else { return doubt(tenant, isGlob: true, at: path) }
                return finding(
                    .error, path,
                    "\"\(tenant.printable)\" is not a valid pattern: requests that reach this hashring sometimes fail; "
                        + "close its brackets and escapes")
            }
            guard let problem = TenantID.problem(tenant) else { return doubt(tenant, isGlob: false, at: path) }
            return finding(
                TenantID.neverArrives(tenant) ? .warning : .error, path,
                "tenant id \"\(tenant.printable)\" \(problem); choose another id")
        }
    }

    private func doubt(_ tenant: String, isGlob: Bool, at path: FieldPath) -> Finding? {
        TenantID.doubt(tenant, isGlob: isGlob, matcher: "tenant_matcher_type").map {
            finding(.warning, path, "\"\(tenant.printable)\" \($0)")
        }
    }

    /// The rules about external labels: Thanos looks them up only by exact id.
    func labelFindings() -> [Finding] {
        guard !ring.externalLabels.isEmpty else { return [] }
        if ring.isCatchAll {
            return [warning("external_labels", "never apply to a hashring without tenants; list the tenants")]
        }
        guard ring.tenantMatcher == .glob else { return [] }
        return [
            warning(
                "external_labels",
                "apply only to tenants whose id equals the pattern; list such tenants in a hashring that matches "
                    + "exactly"
            )
        ]
    }
}
