import Kube

// Discovery by the API server of a cluster.
extension ServiceDiscovery {
    static let kubernetes = ServiceDiscovery(
        field: "kubernetesSDConfigs", key: "kubernetes_sd_configs", client: .all,
        fields: [
            .field("apiServer", .string),
            .field("role", .custom(kubernetesRole), isRequired: true),
            .field("namespaces", .custom(namespaces)),
            .field("selectors", .custom(selectors)),
            .field("attachMetadata", .custom(attachMetadata)),
        ],
        check: { entry, _ throws(FieldError) in
            let own = try entry.objectOrEmpty("namespaces").bool("ownNamespace") ?? false
            if own, entry.has("apiServer") {
                throw FieldError(entry.at("namespaces").appending("ownNamespace"), "cannot be true beside apiServer")
            }
        })

    /// The roles, and of which each takes selectors.
    private static let selectable: [String: [String]] = [
        "pod": ["pod"], "service": ["service"], "endpoints": ["endpoints", "service", "pod"],
        "endpointslice": ["endpointslice", "service", "pod"], "node": ["node"], "ingress": ["ingress"],
    ]

    private static func kubernetesRole(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        try role(fields).map(JSON.string)
    }

    private static func role(_ fields: Fields) throws(FieldError) -> String? {
        guard let text = try fields.text("role") else { return nil }
        let role = text.lowercased()
        guard selectable[role] != nil else {
            throw FieldError(
                fields.at("role"),
                "\"\(text.prefix(200))\" should be one of Endpoints, EndpointSlice, Ingress, Node, Pod, Service")
        }
        return role
    }

    private static func namespaces(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        guard let namespaces = try fields.object("namespaces") else { return nil }
        var json: JSON = ["names": JSON(try namespaces.strings("names") ?? [])]
        json["own_namespace"] = try namespaces.bool("ownNamespace").map(JSON.bool)
        return json
    }

    private static func selectors(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        let role = try role(fields) ?? ""
        var list: [JSON] = []
        var roles: Set<String> = []
        for selector in try fields.objects("selectors") {
            guard let name = try self.role(selector) else { throw FieldError(selector.at("role"), "is required") }
            let allowed = selectable[role] ?? []
            guard allowed.contains(name) else {
                throw FieldError(
                    selector.at("role"), "\(name) should be one of \(allowed.joined(separator: ", ")), for role \(role)"
                )
            }
            guard roles.insert(name).inserted else {
                throw FieldError(selector.at("role"), "\(name) is given twice")
            }
            var json: JSON = ["role": JSON(name)]
            if let label = try selector.string("label") {
                try SelectorText.checkLabels(label, at: selector.at("label"))
                json["label"] = JSON(label)
            }
            if let field = try selector.string("field") {
                try SelectorText.checkFields(field, at: selector.at("field"))
                json["field"] = JSON(field)
            }
            list.append(json)
        }
        return list.isEmpty ? JSON?.none : .array(list)
    }

    /// Roles without pods have no nodes to attach labels of.
    private static func attachMetadata(
        _ fields: Fields, _ context: inout MappingContext
    ) throws(FieldError) -> JSON? {
        guard let metadata = try fields.object("attachMetadata") else { return nil }
        let node = try metadata.bool("node") ?? false
        let role = try role(fields) ?? ""
        let since: [String: PrometheusVersion] = [
            "pod": .init(2, 35), "endpoints": .init(2, 37), "endpointslice": .init(2, 37),
        ]
        guard let first = since[role], context.version >= first else {
            let reason =
                since[role].map { "needs Prometheus \($0), this is \(context.version)" }
                ?? "is not followed for role \(role)"
            context.leftOut.append(FieldError(fields.at("attachMetadata"), reason))
            return nil
        }
        return ["node": .bool(node)]
    }
}

/// Label and field selectors as text, which Kubernetes discovery hands to the API server.
///
/// Prometheus refuses a whole file for one that cannot be read, so that what is let through here is only what is plain.
enum SelectorText {
    /// Throws where text is no label selector: `app=shop,tier!=cache,env in (a, b),!canary`.
    static func checkLabels(_ text: String, at path: FieldPath) throws(FieldError) {
        guard !text.allSatisfy(\.isWhitespace) else { return }
        for requirement in split(text) {
            guard isLabelRequirement(requirement.trimmingSpaces) else {
                throw FieldError(path, "\"\(text.prefix(200))\" is no label selector, such as app=shop,!canary")
            }
        }
    }

    /// Throws where text is no field selector: `status.phase=Running,spec.nodeName!=a`.
    static func checkFields(_ text: String, at path: FieldPath) throws(FieldError) {
        for term in text.split(separator: ",", omittingEmptySubsequences: false) where !term.isEmpty {
            guard let sign = term.firstIndex(of: "="), term.startIndex < sign else {
                throw FieldError(path, "\"\(text.prefix(200))\" is no field selector, such as status.phase=Running")
            }
            guard !term[term.index(after: sign)...].drop(while: { $0 == "=" }).contains(where: { "=\\".contains($0) })
            else { throw FieldError(path, "\"\(text.prefix(200))\" has a value that cannot be read") }
        }
    }

    /// The parts between commas that are in no brackets.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == "," && depth == 0 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }

    private static func isLabelRequirement(_ text: String) -> Bool {
        if text.hasPrefix("!") { return isKey(text.dropFirst().description.trimmingSpaces) }
        for sign in ["!=", "==", "=", ">", "<"] {
            guard let range = text.firstRange(of: sign) else { continue }
            let value = text[range.upperBound...].description.trimmingSpaces
            guard isKey(text[..<range.lowerBound].description.trimmingSpaces) else { return false }
            return sign == ">" || sign == "<" ? Int64(value) != nil : isValue(value)
        }
        let words = text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard words.count == 2 else { return isKey(text) }
        let rest = words[1].description.trimmingSpaces
        for sign in ["notin", "in"] where rest.hasPrefix(sign) {
            let set = rest.dropFirst(sign.count).description.trimmingSpaces
            guard set.hasPrefix("("), set.hasSuffix(")"), set.count >= 2 else { return false }
            let values = set.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
            return isKey(String(words[0])) && values.allSatisfy { isValue($0.description.trimmingSpaces) }
        }
        return false
    }

    private static func isKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count <= 2, !name.isEmpty, isValue(String(name)) else { return false }
        guard parts.count == 2 else { return true }
        return !parts[0].isEmpty && parts[0].utf8.count <= 253
            && parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                !label.isEmpty && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { isAlphanumeric($0) && !(0x41...0x5A).contains($0) || $0 == 0x2D }
            }
    }

    /// A label's value: at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
    private static func isValue(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        return text.utf8.count <= 63 && isAlphanumeric(first) && isAlphanumeric(last)
            && text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
}
