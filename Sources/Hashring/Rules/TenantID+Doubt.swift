extension TenantID {
    /// Why an id or a pattern that Thanos takes probably means something else, to follow it in quotes in a message; nil if
    /// nothing suggests so. `matcher` is the field that says how ids are compared.
    public static func doubt(_ id: String, isGlob: Bool, matcher: String) -> String? {
        if isGlob { return regularExpressionDoubt(id) ?? commaDoubt(id) }
        if let comma = commaDoubt(id) { return comma }
        guard id.utf8.contains(UInt8(ascii: "*")) || id.utf8.contains(UInt8(ascii: "?")) else { return nil }
        return "is compared as a whole id and matches no other; set \(matcher) to glob if it is a pattern"
    }

    /// A header can have a comma in an id, so it is one tenant to Thanos.
    private static func commaDoubt(_ id: String) -> String? {
        guard id.utf8.contains(UInt8(ascii: ",")) else { return nil }
        let parts = id.split(separator: ",").map { "\"\($0.trimmingSpaces.printable)\"" }
        return
            "contains a comma and is the id of one tenant; list \(parts.prefix(3).joined(separator: ", ")) one by one "
            + "if they are several"
    }

    private static func regularExpressionDoubt(_ pattern: String) -> String? {
        let hints = [".*", ".+", "|", #"\d"#, #"\w"#, "(?"]
        guard pattern.hasPrefix("^") || pattern.hasSuffix("$") || hints.contains(where: { pattern.contains($0) }) else {
            return nil
        }
        let reason = "looks like a regular expression, but it is a glob, in which only * ? [ ] and \\ are special"
        guard pattern.firstRange(of: "|") == nil else { return "\(reason); list the ids one by one" }
        var glob = pattern.replacing(".*", with: "*").replacing(".+", with: "?*").replacing(#"\d"#, with: "[0-9]")
        if glob.hasPrefix("^") { glob.removeFirst() }
        if glob.hasSuffix("$") { glob.removeLast() }
        return "\(reason); should be \"\(glob.printable)\", unless ids really have these characters"
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
