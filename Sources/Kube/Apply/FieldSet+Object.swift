import OrderedCollections

extension FieldSet {
    /// The fields that an object has, as structured-merge-diff counts what somebody applied.
    ///
    /// The schema says which lists are sets or maps and which objects are atomic. Without one, or where it says
    /// nothing, lists are atomic and objects are not, as for custom resources.
    public init(of value: JSON, schema: Schema? = nil) {
        self.init()
        add(value, schema)
    }

    private mutating func add(_ value: JSON, _ schema: Schema?) {
        switch value {
        case .object(let members):
            if schema?.mapType == .atomic {
                isMember = true
                return
            }
            for (key, member) in members {
                var child = FieldSet()
                let memberSchema = schema?.property(key)
                child.add(member, memberSchema)
                let isEmptyObject = member.object?.isEmpty ?? false
                if member.isNull || isEmptyObject || schema?.properties[key] == nil { child.isMember = true }
                if !child.isEmpty { children[.field(key)] = child }
            }
        case .array(let elements):
            guard let schema, let listType = schema.listType, listType != .atomic else {
                isMember = true
                return
            }
            for element in elements {
                let key =
                    listType == .set ? Element.value(element) : schema.keyElement(of: element)
                var child = FieldSet(isMember: true)
                if listType == .map { child.add(element, schema.items) }
                children[key] = children[key]?.union(child) ?? child
            }
        default: isMember = true
        }
    }

    /// The set without what says which object it is; the API server keeps none of that in `managedFields`.
    public var withoutIdentity: FieldSet { difference(Self.identity) }

    private static let identity = FieldSet(
        [["apiVersion"], ["kind"], ["metadata"]].map { $0.map(Element.field) }
            + [
                "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation",
                "managedFields", "resourceVersion",
            ].map { [.field("metadata"), .field($0)] })

    /// The part of an object that the set has: what a manager owns of it.
    ///
    /// A field in the set without others below it comes whole. Elements of keyed lists keep their key members, in the
    /// object's order; without `keepsKeys`, only those that are in the set, so that a key the API server filled in
    /// (`protocol: TCP`) is left out as the manager left it out. Nothing at all is an empty object.
    public func extract(from value: JSON, keepsKeys: Bool = true) -> JSON {
        extracting(value, keepsKeys) ?? .object([:])
    }

    private func extracting(_ value: JSON, _ keepsKeys: Bool) -> JSON? {
        if children.isEmpty { return isMember ? value : JSON?.none }
        switch value {
        case .object(let members):
            var result: JSON.Members = [:]
            for (key, member) in members {
                if let extracted = children[.field(key)]?.extracting(member, keepsKeys) { result[key] = extracted }
            }
            return result.isEmpty && !isMember ? nil : .object(result)
        case .array(let elements):
            let result = extracting(elements, keepsKeys)
            return result.isEmpty && !isMember ? nil : .array(result)
        default: return isMember ? value : JSON?.none
        }
    }

    private func extracting(_ elements: [JSON], _ keepsKeys: Bool) -> [JSON] {
        // The members that tell elements apart are those of any key in the set; a list has the same for all.
        let keyNames = children.keys.lazy.compactMap { element -> [String]? in
            if case .key(let members) = element { Array(members.keys) } else { nil }
        }.first
        var result: [JSON] = []
        for (index, element) in elements.enumerated() {
            if let keyNames, element.object != nil {
                var key: JSON.Members = [:]
                for name in keyNames { key[name] = element[name] }
                guard let child = children[.key(key)] else { continue }
                var extracted = child.extracting(element, keepsKeys) ?? [:]
                if keepsKeys {
                    for (name, value) in key where extracted[name] == nil { extracted[name] = value }
                }
                result.append(extracted)
            } else if let child = children[.value(element)] ?? children[.index(index)] {
                if let extracted = child.extracting(element, keepsKeys) { result.append(extracted) }
            }
        }
        return result
    }

    /// An object without the fields that are in the set; objects and lists that had others stay, even if empty.
    public func removing(from value: JSON, schema: Schema? = nil) -> JSON {
        switch value {
        case .object(let members):
            var result = members
            for (key, member) in members {
                guard let child = children[.field(key)] else { continue }
                if child.isMember {
                    result[key] = nil
                } else {
                    result[key] = child.removing(from: member, schema: schema?.property(key))
                }
            }
            return .object(result)
        case .array(let elements):
            var result: [JSON] = []
            for (index, element) in elements.enumerated() {
                let child = children.first { pair in
                    switch pair.key {
                    case .key(let members): members.allSatisfy { element[$0.key] == $0.value }
                    case .value(let value): value == element
                    case .index(let wanted): wanted == index
                    case .field: false
                    }
                }
                guard let child = child?.value else {
                    result.append(element)
                    continue
                }
                if !child.isMember { result.append(child.removing(from: element, schema: schema?.items)) }
            }
            return .array(result)
        default: return value
        }
    }
}

extension Schema {
    /// The path element of a keyed list's element; a key member that is absent counts with its default.
    fileprivate func keyElement(of element: JSON) -> FieldSet.Element {
        var members: JSON.Members = [:]
        for name in listMapKeys.sorted() {
            if let value = element[name] ?? items?.properties[name]?.defaultValue { members[name] = value }
        }
        return .key(members)
    }
}
