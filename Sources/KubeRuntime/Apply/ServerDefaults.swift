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
    static func removed(from json: JSON) -> JSON { changed(json) ?? json }

    /// The same; nil if there is nothing to remove, as nearly everywhere, so that nothing is copied.
    private static func changed(_ json: JSON) -> JSON? {
        switch json {
        case .array(let elements):
            var result: [JSON]?
            for (index, element) in elements.enumerated() {
                guard let element = changed(element) else { continue }
                if result == nil { result = elements }
                result?[index] = element
            }
            return result.map(JSON.array)
        case .object(let members):
            var result: JSON.Members?
            for (name, value) in members {
                let change = change(of: value, name)
                if case .none = change { continue }
                if result == nil { result = members }
                if case .value(let value) = change { result?[name] = value } else { result?[name] = nil }
            }
            return result.map(JSON.object)
        default: return nil
        }
    }

    private enum MemberChange {
        case none, removal
        case value(JSON)
    }

    private static func change(of member: JSON, _ name: String) -> MemberChange {
        let inner = changed(member)
        let value = inner ?? member
        if value == [] || value == [:] && maps.contains(name) { return .removal }
        return (plain(value, name) ?? inner).map(MemberChange.value) ?? .none
    }

    /// A value as it is compared; nil if that is as it is.
    private static func plain(_ value: JSON, _ name: String) -> JSON? {
        switch name {
        // ObjectFieldSelector and ResourceFieldSelector are atomic.
        case "fieldRef": without(["apiVersion": "v1"], value)
        case "resourceFieldRef": without(["divisor": "0"], value)
        // The list is atomic.
        case "volumeClaimTemplates": value.array.map { .array($0.map(claim)) }
        case "limits", "requests": value.object.map { .object($0.mapValues(quantity)) }
        case "sizeLimit": quantity(value)
        default: nil
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
