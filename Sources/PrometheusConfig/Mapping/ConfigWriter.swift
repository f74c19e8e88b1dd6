import Kube

/// Writes an object of Prometheus's configuration, and omits the members that the version of Prometheus does not know.
struct ConfigWriter {
    /// The version of Prometheus that reads the configuration.
    let version: PrometheusVersion
    /// The written members, in their order.
    private(set) var members: JSON.Members = [:]
    /// The omitted fields, with the reasons.
    private(set) var leftOut: [FieldError] = []

    init(_ version: PrometheusVersion) { self.version = version }

    /// The written object.
    var json: JSON { .object(members) }

    /// Writes a member if there is a value.
    mutating func set(_ key: String, _ value: JSON?) {
        if let value { members[key] = value }
    }

    /// Writes a member that a version introduced, if there is a value; records the field as omitted before that
    /// version.
    mutating func set(_ key: String, _ value: JSON?, since first: PrometheusVersion, at path: FieldPath) {
        guard let value else { return }
        guard version >= first else { return leaveOut(path, version.needs(first)) }
        members[key] = value
    }

    /// Writes a boolean field that a version introduced, if the object has it.
    mutating func setFlag(
        _ parent: Fields, _ field: String, _ key: String, since first: PrometheusVersion
    ) throws(FieldError) {
        set(key, try parent.bool(field).map(JSON.bool), since: first, at: parent.at(field))
    }

    /// Records an omitted field.
    mutating func leaveOut(_ path: FieldPath, _ reason: String) { leftOut.append(FieldError(path, reason)) }

    /// Records the omitted fields of a part.
    mutating func leaveOut(_ other: [FieldError]) { leftOut += other }
}
