import Kube

extension PrinterColumn {
    static let namespaces: [PrinterColumn] = [.name, .text("Status", "status", "phase"), .age]

    static let configMaps: [PrinterColumn] = [.name, entries("data", "binaryData"), .age]

    static let secrets: [PrinterColumn] = [.name, .text("Type", "type"), entries("data"), .age]

    static let leases: [PrinterColumn] = [.name, .text("Holder", "spec", "holderIdentity"), .age]

    static let roles: [PrinterColumn] = [.name, .created]

    static let customResourceDefinitions: [PrinterColumn] = [.name, .created]

    static let roleBindings: [PrinterColumn] = [
        .name,
        PrinterColumn("Role") { object, _ in
            let role = object.json["roleRef"]
            return .string("\(role?["kind"]?.string ?? "")/\(role?["name"]?.string ?? "")")
        },
        .age, subjects("Users", kind: "User"), subjects("Groups", kind: "Group"),
        subjects("ServiceAccounts", kind: "ServiceAccount"),
    ]

    static let nodes: [PrinterColumn] = [
        .name, PrinterColumn("Status") { object, _ in .string(nodeStatus(object)) },
        PrinterColumn("Roles") { object, _ in
            let prefix = "node-role.kubernetes.io/"
            let roles = object.labels.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
            return .string(roles.isEmpty ? "<none>" : roles.sorted().joined(separator: ","))
        },
        .age, .text("Version", "status", "nodeInfo", "kubeletVersion"),
        nodeAddress("Internal-IP", type: "InternalIP"), nodeAddress("External-IP", type: "ExternalIP"),
        .text("OS-Image", "status", "nodeInfo", "osImage", fallback: "<unknown>", priority: 1),
        .text("Kernel-Version", "status", "nodeInfo", "kernelVersion", fallback: "<unknown>", priority: 1),
        .text(
            "Container-Runtime", "status", "nodeInfo", "containerRuntimeVersion", fallback: "<unknown>", priority: 1),
    ]

    static let persistentVolumeClaims: [PrinterColumn] = [
        .name,
        PrinterColumn("Status") { object, _ in
            .string(object.isBeingDeleted ? "Terminating" : object.json["status", "phase"]?.string ?? "")
        },
        .text("Volume", "spec", "volumeName"), .text("Capacity", "status", "capacity", "storage"),
        PrinterColumn("Access Modes") { object, _ in
            let short = [
                "ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP",
            ]
            let modes = (object.json["status", "accessModes"]?.array ?? []).compactMap(\.string)
            return .string(modes.map { short[$0] ?? $0 }.joined(separator: ","))
        },
        .text("StorageClass", "spec", "storageClassName"),
        .text("VolumeAttributesClass", "spec", "volumeAttributesClassName", fallback: "<unset>"), .age,
        .text("VolumeMode", "spec", "volumeMode", fallback: "<unset>", priority: 1),
    ]

    /// The columns of events. The cells read the field names of both groups, since both serve the same events.
    static let events: [PrinterColumn] = [
        PrinterColumn("Last Seen") { .string(EventSummary($0, now: $1).lastSeen) },
        .text("Type", "type"), .text("Reason", "reason"),
        PrinterColumn("Object") { .string(EventSummary($0, now: $1).object) },
        PrinterColumn("Subobject", priority: 1) { object, _ in
            (object.json["involvedObject"] ?? object.json["regarding"])?["fieldPath"] ?? ""
        },
        PrinterColumn("Source", priority: 1) { .string(EventSummary($0, now: $1).source) },
        PrinterColumn("Message") { object, _ in object.json["message"] ?? object.json["note"] ?? "" },
        PrinterColumn("First Seen", priority: 1) { .string(EventSummary($0, now: $1).firstSeen) },
        PrinterColumn("Count", priority: 1) { JSON(EventSummary($0, now: $1).count) },
        PrinterColumn("Name", format: "name", priority: 1) { object, _ in .string(object.name) },
    ]

    private static func entries(_ maps: String...) -> PrinterColumn {
        PrinterColumn("Data", description: "Number of entries.") { object, _ in
            JSON(maps.reduce(0) { $0 + (object.json[$1]?.object?.count ?? 0) })
        }
    }

    private static func subjects(_ name: String, kind: String) -> PrinterColumn {
        PrinterColumn(name, priority: 1) { object, _ in
            let subjects = (object.json["subjects"]?.array ?? []).filter { $0["kind"]?.string == kind }
            let names = subjects.map { subject in
                let name = subject["name"]?.string ?? ""
                return kind == "ServiceAccount" ? "\(subject["namespace"]?.string ?? "")/\(name)" : name
            }
            return .string(names.joined(separator: ", "))
        }
    }

    private static func nodeAddress(_ name: String, type: String) -> PrinterColumn {
        PrinterColumn(name, priority: 1) { object, _ in
            let addresses = object.json["status", "addresses"]?.array ?? []
            return addresses.first { $0["type"]?.string == type }?["address"] ?? "<none>"
        }
    }

    private static func nodeStatus(_ node: Object) -> String {
        let conditions = node.json["status", "conditions"]?.array ?? []
        let ready = conditions.first { $0["type"]?.string == "Ready" }?["status"]?.string
        let status = ready.map { $0 == "True" ? "Ready" : "NotReady" } ?? "Unknown"
        return node.json["spec", "unschedulable"]?.bool == true ? "\(status),SchedulingDisabled" : status
    }
}

private struct EventSummary {
    var lastSeen: String
    var firstSeen: String
    var count: Int
    var object: String
    var source: String

    init(_ event: Object, now: Timestamp) {
        let json = event.json
        func member(_ names: String...) -> JSON? {
            names.lazy.compactMap { json[$0] }.first { !$0.isNull && $0.string != "" }
        }
        let first = member("firstTimestamp", "deprecatedFirstTimestamp", "eventTime")?.string
        firstSeen = Age.text(since: first, now: now)
        let last = member("lastTimestamp", "deprecatedLastTimestamp")?.string
        lastSeen = Age.text(since: json["series", "lastObservedTime"]?.string ?? last ?? first, now: now)
        count = json["series", "count"]?.int ?? max(member("count", "deprecatedCount")?.int ?? 1, 1)
        let target = member("involvedObject", "regarding")
        let kind = (target?["kind"]?.string ?? "").lowercased()
        let name = target?["name"]?.string ?? ""
        object = name.isEmpty ? kind : "\(kind)/\(name)"
        let from = member("source", "deprecatedSource")
        let component = from?["component"]?.string ?? member("reportingComponent", "reportingController")?.string ?? ""
        let host = from?["host"]?.string ?? json["reportingInstance"]?.string ?? ""
        source = host.isEmpty ? component : "\(component), \(host)"
    }
}
