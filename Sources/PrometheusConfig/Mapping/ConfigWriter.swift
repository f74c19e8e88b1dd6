import Kube

/// A part of a scrape configuration while it is made: members that a version of Prometheus does not know are left out.
struct JobWriter {
    let version: PrometheusVersion
    /// What is written, in its order.
    private(set) var members: JSON.Members = [:]
    /// What is left out since the version does not know it.
    private(set) var leftOut: [FieldError] = []

    init(_ version: PrometheusVersion) { self.version = version }

    /// What is written, as JSON.
    var json: JSON { .object(members) }

    /// Writes a member, if there is a value.
    mutating func set(_ key: String, _ value: JSON?) {
        if let value { members[key] = value }
    }

    /// Writes a member that came with a version, if there is a value; else notes the field that asked for it.
    mutating func set(_ key: String, _ value: JSON?, since first: PrometheusVersion, at path: FieldPath) {
        guard let value else { return }
        guard version >= first else { return leaveOut(path, "needs Prometheus \(first), this is \(version)") }
        members[key] = value
    }

    /// Notes a field that is not followed.
    mutating func leaveOut(_ path: FieldPath, _ reason: String) { leftOut.append(FieldError(path, reason)) }

    /// Takes over what another part left out.
    mutating func leaveOut(_ other: [FieldError]) { leftOut += other }
}
