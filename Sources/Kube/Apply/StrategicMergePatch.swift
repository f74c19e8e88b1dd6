/// Applies strategic merge patches: merge patches that merge the elements of lists by their keys.
///
/// Only built-in kinds and their parts, such as a pod's specification, support them. The directives are those of
/// `k8s.io/apimachinery/pkg/util/strategicpatch`: `$patch` (`delete`, `replace`, `merge`), `$setElementOrder/…`,
/// `$deleteFromPrimitiveList/…` and `$retainKeys`.
public enum StrategicMergePatch {
    /// Applies a patch to an object. Throws ``APIStatus`` 400 for invalid directives.
    public static func apply(_ patch: JSON, to original: JSON, shape: MergeShape) throws(APIStatus) -> JSON {
        try merge(patch, into: original, shape) ?? [:]
    }

    private static func merge(_ patch: JSON, into original: JSON?, _ shape: MergeShape) throws(APIStatus) -> JSON? {
        guard let changes = patch.object else { return patch }
        var shape = shape
        if case .atomic = shape { shape = .named }  // atomic only for apply: patches still merge the members
        switch changes["$patch"] {
        case "delete"?: return nil
        case "replace"?: return withoutDirectives(patch)
        case nil, "merge"?: break
        case let other?: throw .badRequest("unknown patch type \(other) found in \(patch)")
        }
        guard var result = original?.object else { return withoutDirectives(patch) }
        if let kept = changes["$retainKeys"]?.array {
            let names = Set(kept.compactMap(\.string))
            result = result.filter { names.contains($0.key) }
        }
        for (name, value) in changes where !name.hasPrefix("$") {
            let member = shape.member(name).shape
            if value.isNull {
                result[name] = nil
            } else if let elements = value.array {
                let order = changes["$setElementOrder/\(name)"]?.array
                result[name] = .array(try merge(elements, into: result[name]?.array ?? [], order: order, member))
            } else {
                result[name] = try merge(value, into: result[name], member)
            }
        }
        for (directive, value) in changes {
            if directive.hasPrefix("$deleteFromPrimitiveList/") {
                let name = String(directive.dropFirst("$deleteFromPrimitiveList/".count))
                let gone = value.array ?? []
                result[name] = result[name]?.array.map { .array($0.filter { !gone.contains($0) }) }
            } else if directive.hasPrefix("$setElementOrder/") {
                let name = String(directive.dropFirst("$setElementOrder/".count))
                guard changes[name] == nil, let elements = result[name]?.array else { continue }
                result[name] = .array(ordered(elements, was: elements, by: value.array ?? [], shape.member(name).shape))
            }
        }
        return .object(result)
    }

    private static func merge(
        _ patch: [JSON], into original: [JSON], order: [JSON]?, _ shape: MergeShape
    ) throws(APIStatus) -> [JSON] {
        switch shape {
        case .set:
            var result = original
            for element in patch where !result.contains(element) { result.append(element) }
            return ordered(result, was: original, by: order ?? patch, shape)
        case .list(let keys, let element):
            guard let key = keys.patchKey else { return patch.map(withoutDirectives) }
            if patch.contains(where: { $0["$patch"] == "replace" }) {
                return patch.filter { $0["$patch"] != "replace" }.map(withoutDirectives)
            }
            var result = original
            for change in patch {
                guard let name = change[key] else {
                    throw .badRequest("map: \(change) does not contain declared merge key: \(key)")
                }
                if change["$patch"] == "delete" {
                    result.removeAll { $0[key] == name }
                } else if let index = result.firstIndex(where: { $0[key] == name }) {
                    result[index] = try merge(change, into: result[index], element) ?? change
                } else {
                    result.append(withoutDirectives(change))
                }
            }
            return ordered(result, was: original, by: order ?? patch, shape)
        default: return patch.map(withoutDirectives)
        }
    }

    /// The elements in the requested order. Elements that the order does not name keep their place before others.
    private static func ordered(_ elements: [JSON], was original: [JSON], by order: [JSON], _ shape: MergeShape)
        -> [JSON]
    {
        func name(_ element: JSON) -> JSON {
            if case .list(let keys, _) = shape, let key = keys.patchKey { element[key] ?? .null } else { element }
        }
        let wanted = order.map(name)
        let before = original.map(name)
        var named = elements.filter { wanted.contains(name($0)) }
            .sorted { (wanted.firstIndex(of: name($0)) ?? 0) < (wanted.firstIndex(of: name($1)) ?? 0) }[...]
        var others = elements.filter { !wanted.contains(name($0)) }[...]
        var result: [JSON] = []
        while let first = named.first, let other = others.first {
            if let a = before.firstIndex(of: name(other)), let b = before.firstIndex(of: name(first)), a < b {
                result.append(others.removeFirst())
            } else {
                result.append(named.removeFirst())
            }
        }
        return result + named + others
    }

    /// A patch as a new value, without directives and nulls.
    private static func withoutDirectives(_ patch: JSON) -> JSON {
        switch patch {
        case .array(let elements):
            return .array(elements.filter { $0["$patch"] != "delete" }.map(withoutDirectives))
        case .object(let members):
            var result: JSON.Members = [:]
            for (name, value) in members where !name.hasPrefix("$") && !value.isNull {
                result[name] = withoutDirectives(value)
            }
            return .object(result)
        default: return patch
        }
    }
}
