import Kube

/// What the API server makes of some fields that we set, and what therefore says nothing about a difference.
///
/// Of most fields it records only what was applied. But where a list or an object is atomic, we own all of it: also the
/// defaults that the server adds. It also leaves out empty lists and empty maps of texts, and writes quantities in its own way.
/// Without this, each restart would write such objects once, to no effect.
enum ServerDefaults {
    /// Maps of texts. Other objects say something by being there, such as an `emptyDir` or a `podSelector`.
    private static let maps: Set<String> = [
        "data", "binaryData", "labels", "annotations", "matchLabels", "nodeSelector", "limits", "requests",
    ]

    /// A value without what the server adds to it or leaves out of it.
    static func removed(from json: JSON) -> JSON {
        switch json {
        case .array(let elements): .array(elements.map(removed))
        case .object(let members): .object(removed(from: members))
        default: json
        }
    }

    private static func removed(from members: JSON.Members) -> JSON.Members {
        var kept: JSON.Members = [:]
        for (name, value) in members {
            let value = removed(from: value)
            if value == [] || value == [:] && maps.contains(name) { continue }
            kept[name] = plain(value, name)
        }
        return kept
    }

    private static func plain(_ value: JSON, _ name: String) -> JSON {
        switch name {
        // ObjectFieldSelector and ResourceFieldSelector are atomic.
        case "fieldRef": without(["apiVersion": "v1"], value)
        case "resourceFieldRef": without(["divisor": "0"], value)
        // The list is atomic.
        case "volumeClaimTemplates": value.array.map { .array($0.map(claim)) } ?? value
        case "limits", "requests": value.object.map { .object($0.mapValues(quantity)) } ?? value
        case "sizeLimit": quantity(value)
        default: value
        }
    }

    private static func claim(_ claim: JSON) -> JSON {
        var claim = without(["apiVersion": "v1", "kind": "PersistentVolumeClaim"], claim)
        claim["status"] = nil
        if let spec = claim["spec"] { claim["spec"] = without(["volumeMode": "Filesystem"], spec) }
        return claim
    }

    private static func without(_ defaults: [String: JSON], _ value: JSON) -> JSON {
        guard value.object != nil else { return value }
        var value = value
        for (name, usual) in defaults where value[name] == usual { value[name] = nil }
        return value
    }

    private static func quantity(_ value: JSON) -> JSON {
        // The same text for the same amount, however it was written: 1Gi and 1024Mi, 500m and 0.5.
        guard value.object == nil, value.array == nil, let quantity = Quantity(value) else { return value }
        return .string("\(quantity)")
    }
}
