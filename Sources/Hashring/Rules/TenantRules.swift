import Kube

/// What Thanos takes as a tenant's id.
public enum TenantID {
    /// Why text cannot be a tenant's id, to follow the quoted id in a message; nil where it can.
    ///
    /// Thanos itself refuses less: `..` would write outside an ingester's data directory (`pkg/tenancy`, Thanos 0.43).
    public static func problem(_ id: String) -> String? {
        if id.isEmpty { return "is empty" }
        if id == "." || id == ".." { return "means a directory: an ingester would write its data outside the tenant's" }
        if id.utf8.contains(UInt8(ascii: "/")) {
            return "contains \"/\": an ingester's directory cannot have that name"
        }
        if id.utf8.count > 255 { return "is \(id.utf8.count) bytes long: file names end at 255" }
        if id.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            return "contains a control character, which no header carries"
        }
        if id.utf8.first == 0x20 || id.utf8.last == 0x20 {
            return "begins or ends with a blank, which no header carries"
        }
        return nil
    }
}

extension TenantID {
    /// Whether an id is one that no request can have, and so does no harm.
    static func neverArrives(_ id: String) -> Bool {
        id.isEmpty || id.utf8.first == 0x20 || id.utf8.last == 0x20
            || id.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    }
}

extension RingContext {
    /// The rules about tenants: the way to compare them is known, and each is an id or a pattern. `hasCatchAll` says
    /// whether a ring behind this one takes the tenants that this one does not.
    func tenantFindings(hasCatchAll: Bool) -> [Finding] {
        let matcher = ring.tenantMatcher ?? .exact
        guard matcher == .exact || matcher == .glob else {
            guard !ring.isCatchAll else { return [] }
            let effect = hasCatchAll ? "its tenants go to the ring without tenants" : "its tenants' requests fail"
            return [
                finding(
                    hasCatchAll ? .warning : .error, path.appending("tenant_matcher_type"),
                    "\"\(matcher.rawValue.printable)\" is unknown, no tenant matches: \(effect); it should be exact or glob"
                )
            ]
        }
        return ring.tenants.enumerated().compactMap { place, tenant in
            let path = path.appending("tenants").appending(place)
            if matcher == .glob {
                guard GlobPattern(tenant) == nil else { return nil }
                return finding(
                    .error, path,
                    "\"\(tenant.printable)\" is no pattern: tenants that come to this ring are refused at times; "
                        + "close its brackets and escapes")
            }
            return TenantID.problem(tenant).map {
                finding(
                    TenantID.neverArrives(tenant) ? .warning : .error, path,
                    "tenant id \"\(tenant.printable)\" \($0); choose another id")
            }
        }
    }

    /// The rules about labels: Thanos looks them up by exact id only.
    func labelFindings() -> [Finding] {
        guard !ring.externalLabels.isEmpty else { return [] }
        if ring.isCatchAll {
            return [warning("external_labels", "never apply on a ring without tenants; name the tenants")]
        }
        guard ring.tenantMatcher == .glob else { return [] }
        return [
            warning(
                "external_labels",
                "apply only to tenants whose id is written like the pattern itself; name such tenants in an exact ring")
        ]
    }
}
