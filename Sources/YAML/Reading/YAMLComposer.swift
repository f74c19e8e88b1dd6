import Kube

/// Builds documents from libyaml's events: expands aliases, applies merge keys, resolves scalars, enforces limits.
struct YAMLComposer {
    /// A value with the measures that the limits need.
    struct Node {
        var value: JSON
        var mark: YAMLMark
        /// The number of values in it, including itself, after alias expansion.
        var nodes = 1
        /// The bytes of the strings in it, after alias expansion.
        var bytes = 0
        /// The number of levels below it.
        var height = 0
    }

    private let reader: YAMLEventReader
    private let limits: YAMLLimits
    private var anchors: [String: Node] = [:]
    private var openAnchors: Set<String> = []
    private var nodes = 0
    private var bytes = 0

    init(_ reader: YAMLEventReader, limits: YAMLLimits) {
        self.reader = reader
        self.limits = limits
    }

    mutating func documents() throws(YAMLError) -> [YAMLDocument] {
        var documents: [YAMLDocument] = []
        while true {
            switch try reader.next().kind {
            case .end: return documents
            case .documentStart:
                (anchors, openAnchors, nodes, bytes) = ([:], [], 0, 0)
                let root = try compose(try reader.next(), depth: 0)
                if !root.value.isNull { documents.append(YAMLDocument(root.value, marks: root.mark)) }
            default: continue
            }
        }
    }

    private mutating func compose(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> Node {
        if let anchor = event.anchor { openAnchors.insert(anchor) }
        let node: Node
        switch event.kind {
        case .scalar(let scalar):
            node = Node(value: try value(of: scalar, event.mark), mark: event.mark, bytes: scalar.text.utf8.count)
            try count(node, event.mark)
        case .sequenceStart: node = try composeSequence(event.mark, depth: depth + 1)
        case .mappingStart: node = try composeMapping(event.mark, depth: depth + 1)
        case .alias(let name): return try expand(name, event.mark, depth: depth)
        default: throw reader.error(event.mark, "expected a value")
        }
        if let anchor = event.anchor {
            openAnchors.remove(anchor)
            anchors[anchor] = node
        }
        return node
    }

    private func value(of scalar: YAMLScalar, _ mark: YAMLMark) throws(YAMLError) -> JSON {
        do throws(YAMLScalarError) { return try scalar.json() } catch { throw reader.error(mark, error.reason) }
    }

    private mutating func count(_ node: Node, _ mark: YAMLMark) throws(YAMLError) {
        nodes += node.nodes
        bytes += node.bytes
        guard nodes <= limits.maximumNodes else {
            throw reader.error(
                mark, "the document has more than \(limits.maximumNodes) values after alias expansion")
        }
        guard bytes <= limits.maximumBytes else {
            throw reader.error(mark, "the document has more than \(limits.maximumBytes) bytes after alias expansion")
        }
    }

    private func checkDepth(_ depth: Int, _ mark: YAMLMark) throws(YAMLError) {
        guard depth <= limits.maximumDepth else {
            throw reader.error(mark, "nested deeper than \(limits.maximumDepth) levels")
        }
    }

    private mutating func expand(_ name: String, _ mark: YAMLMark, depth: Int) throws(YAMLError) -> Node {
        guard !openAnchors.contains(name) else { throw reader.error(mark, "the anchor \"\(name)\" contains itself") }
        guard var node = anchors[name] else { throw reader.error(mark, "the alias *\(name) has no anchor before it") }
        try checkDepth(depth + node.height, mark)
        try count(node, mark)
        node.mark = node.mark.at(mark)
        return node
    }

    private mutating func composeSequence(_ mark: YAMLMark, depth: Int) throws(YAMLError) -> Node {
        try checkDepth(depth, mark)
        var result = Node(value: .null, mark: mark)
        try count(result, mark)
        var elements: [JSON] = []
        while true {
            let event = try reader.next()
            if case .collectionEnd = event.kind { break }
            let element = try compose(event, depth: depth)
            elements.append(element.value)
            result.add(element)
            result.mark.children.append(element.mark)
        }
        result.value = .array(elements)
        return result
    }

    private mutating func composeMapping(_ mark: YAMLMark, depth: Int) throws(YAMLError) -> Node {
        try checkDepth(depth, mark)
        var result = Node(value: .null, mark: mark)
        try count(result, mark)
        var members = JSON.Members()
        var merged: Set<String> = []
        var mergeMark: YAMLMark?
        while true {
            let event = try reader.next()
            if case .collectionEnd = event.kind { break }
            if case .scalar(let scalar) = event.kind, scalar.isMergeKey {
                if let mergeMark {
                    throw reader.error(event.mark, "the merge key << is given twice, first at \(mergeMark.position)")
                }
                mergeMark = event.mark
                let sources = try composeMergeSources(depth: depth)
                for source in sources {
                    try merge(source, into: &members, &result, &merged, event.mark)
                }
                continue
            }
            let key = try composeKey(event)
            let value = try compose(try reader.next(), depth: depth)
            result.add(value)
            if let index = members.index(forKey: key) {
                guard merged.remove(key) != nil else {
                    let first = result.mark.children[index].position
                    throw reader.error(event.mark, "the key \(JSON(key)) is given twice, first at \(first)")
                }
                members[key] = value.value
                result.mark.children[index] = value.mark.at(event.mark)
            } else {
                members[key] = value.value
                result.mark.children.append(value.mark.at(event.mark))
            }
        }
        result.value = .object(members)
        return result
    }

    /// A key as a string, converted as `sigs.k8s.io/yaml` does: `1: x` is `"1": x`, and `yes: x` is `"true": x`.
    private mutating func composeKey(_ event: YAMLEvent) throws(YAMLError) -> String {
        let value: JSON
        switch event.kind {
        case .scalar(let scalar):
            if !scalar.isPlain, scalar.tag == nil {
                value = .string(scalar.text)
            } else {
                do throws(YAMLScalarError) { value = .string(try scalar.key()) } catch {
                    throw reader.error(event.mark, error.reason)
                }
            }
            if let anchor = event.anchor {
                anchors[anchor] = Node(
                    value: try self.value(of: scalar, event.mark), mark: event.mark, bytes: scalar.text.utf8.count)
            }
        case .alias(let name): value = try expand(name, event.mark, depth: 0).value
        case .sequenceStart, .mappingStart:
            throw reader.error(event.mark, "a key should be a string, not a list or an object")
        default: throw reader.error(event.mark, "expected a key")
        }
        switch value {
        case .string(let text): return text
        case .int, .bool: return value.text()
        case .double(let number): return YAMLScalar.goText(ofKey: number)
        default: throw reader.error(event.mark, "a key should be a string, not \(value.typeName)")
        }
    }

    /// The objects that a merge key refers to: one object, or a list whose first element takes precedence.
    private mutating func composeMergeSources(depth: Int) throws(YAMLError) -> [Node] {
        let event = try reader.next()
        func object(_ node: Node) throws(YAMLError) -> Node {
            guard case .object = node.value else {
                throw reader.error(
                    node.mark, "the merge key << takes an object or a list of objects, not \(node.value.typeName)")
            }
            return node
        }
        guard case .sequenceStart = event.kind else { return [try object(try compose(event, depth: depth - 1))] }
        var sources: [Node] = []
        while true {
            let event = try reader.next()
            if case .collectionEnd = event.kind { return sources }
            sources.append(try object(try compose(event, depth: depth - 1)))
        }
    }

    private func merge(
        _ source: Node, into members: inout JSON.Members, _ result: inout Node, _ merged: inout Set<String>,
        _ mark: YAMLMark
    ) throws(YAMLError) {
        result.add(source)
        guard case .object(let sourceMembers) = source.value else { return }
        for (index, member) in sourceMembers.elements.enumerated() {
            if members[member.key] == nil {
                members[member.key] = member.value
                merged.insert(member.key)
                result.mark.children.append(source.mark.children[index])
            } else if !merged.contains(member.key) {
                throw reader.error(
                    mark,
                    "the merge key << comes after the key \(JSON(member.key)), which it also sets: "
                        + "YAML readers differ on which one wins, so << should come first")
            }
        }
    }
}

extension YAMLComposer.Node {
    /// Adds the measures of a value inside this one.
    fileprivate mutating func add(_ child: YAMLComposer.Node) {
        nodes += child.nodes
        bytes += child.bytes
        height = max(height, child.height + 1)
    }
}
