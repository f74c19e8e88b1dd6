import Kube
import OrderedCollections

extension HashringFile {
    /// Reads the file as Thanos does; throws ``HashringFileError``.
    ///
    /// Like Go's decoder it accepts names in any case, reads null as absent and ignores unknown members, which are
    /// preserved. Unlike it, it refuses a name that is given twice in one object, as Go would mix the two values.
    public init(parsing text: String) throws(HashringFileError) { try self.init(parsing: Array(text.utf8)) }

    /// Reads the file from bytes, which must be UTF-8 without a byte order mark; throws ``HashringFileError``.
    public init(parsing bytes: [UInt8]) throws(HashringFileError) {
        var options = JSON.ParsingOptions()
        options.refusesDuplicateKeys = true
        let isBlank = bytes.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let json: JSON
        do throws(JSONSyntaxError) {
            json = try JSON(parsing: isBlank ? Array("null".utf8) : bytes, options: options)
        } catch {
            throw HashringFileError(error)
        }
        try self.init(json: json)
    }

    /// Reads the file's content from JSON.
    public init(json: JSON) throws(HashringFileError) {
        switch json {
        case .null: rings = []
        case .array(let elements):
            rings = []
            for (index, element) in elements.enumerated() {
                rings.append(try Hashring(json: element, at: FieldPath().appending(index)))
            }
        default: throw HashringFileError(FieldPath(), "the file should be a list of hashrings, not \(json.typeName)")
        }
    }
}

extension Hashring {
    init(json: JSON, at path: FieldPath) throws(HashringFileError) {
        let reader = try GoObjectReader(
            json, at: path, HashringKeys.ring)
        name = try reader.string("hashring") ?? ""
        tenants = try reader.strings("tenants")
        tenantMatcher = try reader.string("tenant_matcher_type").flatMap {
            $0.isEmpty ? nil : TenantMatcher(rawValue: $0)
        }
        endpoints = []
        for (endpoint, path) in try reader.list("endpoints") {
            endpoints.append(try Endpoint(json: endpoint, at: path))
        }
        algorithm = try reader.string("algorithm").flatMap { $0.isEmpty ? nil : Algorithm(rawValue: $0) }
        externalLabels = try reader.stringMap("external_labels")
        shuffleSharding = nil
        if let (json, path) = reader.value("shuffle_sharding_config") {
            shuffleSharding = try ShuffleSharding(json: json, at: path)
        }
        remainder = reader.remainder
    }
}

extension Endpoint {
    init(json: JSON, at path: FieldPath) throws(HashringFileError) {
        if case .string(let address) = json {
            self.address = address
            remainder = [:]
        } else {
            let reader = try GoObjectReader(json, at: path, HashringKeys.endpoint)
            address = try reader.string("address") ?? ""
            capnprotoAddress = try reader.string("capnproto_address").flatMap { $0.isEmpty ? nil : $0 }
            zone = try reader.string("az").flatMap { $0.isEmpty ? nil : $0 }
            remainder = reader.remainder
        }
        guard !address.isEmpty else {
            let near = remainder.keys.first { HashringKeys.nearest(to: $0, among: HashringKeys.endpoint) == "address" }
            let found = near.map { "; found \"\($0.printable)\" instead" } ?? ""
            throw HashringFileError(path.appending("address"), "is required and must not be empty\(found)")
        }
    }
}

extension ShuffleSharding {
    init(json: JSON, at path: FieldPath) throws(HashringFileError) {
        let reader = try GoObjectReader(
            json, at: path, HashringKeys.sharding)
        shardSize = try reader.int("shard_size") ?? 0
        cacheSize = try reader.int("cache_size")
        isZoneAwarenessDisabled = try reader.bool("zone_awareness_disabled") ?? false
        overrides = []
        for (override, path) in try reader.list("overrides") {
            let reader = try GoObjectReader(override, at: path, HashringKeys.override)
            let matcher = try reader.string("tenant_matcher_type")
            overrides.append(
                Override(
                    shardSize: try reader.int("shard_size") ?? 0, tenants: try reader.strings("tenants"),
                    tenantMatcher: matcher.flatMap { $0.isEmpty ? nil : TenantMatcher(rawValue: $0) },
                    remainder: reader.remainder))
        }
        remainder = reader.remainder
    }
}
