public import Kube

extension HashringFile {
    /// How the file is written.
    public struct Style: Sendable, Hashable {
        /// Whether receivers without a zone are written as objects, too, as thanos-receive-controller does. Otherwise
        /// they are plain addresses, which every version of Thanos reads.
        public var writesEndpointsAsObjects: Bool
        /// Whether the file has only one line.
        public var isCompact: Bool

        /// A style; without arguments, each tenant and receiver has its own line so that diffs are readable.
        public init(writesEndpointsAsObjects: Bool = false, isCompact: Bool = false) {
            self.writesEndpointsAsObjects = writesEndpointsAsObjects
            self.isCompact = isCompact
        }
    }

    /// The text of the file; equal files give equal text, to the byte.
    public func encoded(_ style: Style = Style()) -> String {
        if style.isCompact { return json(style).text() }
        var lines: [String] = []
        for (index, ring) in rings.enumerated() {
            let members = ring.members(style).map { name, value in
                "    \(JSON.string(name).text()): \(Self.text(name, value))"
            }
            let end = index == rings.count - 1 ? "  }" : "  },"
            lines.append("  {\n\(members.joined(separator: ",\n"))\n\(end)")
        }
        return lines.isEmpty ? "[]\n" : "[\n\(lines.joined(separator: "\n"))\n]\n"
    }

    /// The content of the file.
    public func json(_ style: Style = Style()) -> JSON { .array(rings.map { .object($0.members(style)) }) }

    /// The value of a member: lists of tenants and receivers with one element per line, anything else on one line.
    private static func text(_ name: String, _ value: JSON) -> String {
        guard name == "tenants" || name == "endpoints", case .array(let elements) = value, !elements.isEmpty else {
            return value.text()
        }
        return "[\n\(elements.map { "      \($0.text())" }.joined(separator: ",\n"))\n    ]"
    }
}

extension Hashring {
    /// The members in the order of Thanos, unknown ones last; absent ones are omitted.
    func members(_ style: HashringFile.Style) -> JSON.Members {
        var members: JSON.Members = [:]
        if !name.isEmpty { members["hashring"] = .string(name) }
        if !tenants.isEmpty { members["tenants"] = JSON(tenants) }
        if let tenantMatcher { members["tenant_matcher_type"] = .string(tenantMatcher.rawValue) }
        members["endpoints"] = .array(endpoints.map { $0.json(style) })
        if let algorithm { members["algorithm"] = .string(algorithm.rawValue) }
        if !externalLabels.isEmpty { members["external_labels"] = JSON(externalLabels) }
        if let shuffleSharding { members["shuffle_sharding_config"] = shuffleSharding.json }
        members.merge(remainder) { own, _ in own }
        return members
    }
}

extension Endpoint {
    func json(_ style: HashringFile.Style) -> JSON {
        if capnprotoAddress == nil, zone == nil, remainder.isEmpty, !style.writesEndpointsAsObjects {
            return .string(address)
        }
        var members: JSON.Members = ["address": .string(address)]
        if let capnprotoAddress { members["capnproto_address"] = .string(capnprotoAddress) }
        if zone != nil || style.writesEndpointsAsObjects { members["az"] = .string(zone ?? "") }
        members.merge(remainder) { own, _ in own }
        return .object(members)
    }
}

extension ShuffleSharding {
    var json: JSON {
        var members: JSON.Members = ["shard_size": JSON(shardSize)]
        if let cacheSize { members["cache_size"] = JSON(cacheSize) }
        if isZoneAwarenessDisabled { members["zone_awareness_disabled"] = true }
        if !overrides.isEmpty {
            members["overrides"] = .array(
                overrides.map { override in
                    var members: JSON.Members = ["shard_size": JSON(override.shardSize)]
                    if !override.tenants.isEmpty { members["tenants"] = JSON(override.tenants) }
                    if let matcher = override.tenantMatcher {
                        members["tenant_matcher_type"] = .string(matcher.rawValue)
                    }
                    members.merge(override.remainder) { own, _ in own }
                    return .object(members)
                })
        }
        members.merge(remainder) { own, _ in own }
        return .object(members)
    }
}
