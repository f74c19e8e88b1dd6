import Kube

extension ConfigTable {
    /// The reasons why a version of Prometheus would refuse an object. Paths begin in the object.
    func problems(_ value: JSON, for version: PrometheusVersion) -> [FieldError] {
        guard let members = value.object else {
            return [FieldError(FieldPath(), "should be an object, not \(value.typeName)")]
        }
        var problems: [FieldError] = []
        for (name, value) in members {
            guard let field = fields[name], field.isKnown(to: version) else {
                if let problem = unknown(name, to: version) { problems.append(FieldError([.key(name)], problem)) }
                continue
            }
            problems += field.type.problems(value, for: version).map { $0.inside(.key(name)) }
        }
        for field in demands where field.isKnown(to: version) && field.isMissing(in: members) {
            problems.append(
                FieldError([.key(field.name)], field.presence == .required ? "is required" : "should not be empty"))
        }
        let object = ConfigObject(members: members, version: version)
        for rule in rules {
            // One problem of a field is enough.
            problems += rule.problems(object).filter { error in !problems.contains { $0.path == error.path } }
        }
        return problems
    }

    /// Why a version refuses a field that it does not know; nil where it may be one of a version that came later.
    private func unknown(_ name: String, to version: PrometheusVersion) -> String? {
        if let field = fields[name] {
            if let until = field.until, version >= until {
                let successor = field.successor.map { "; use \($0)" } ?? ""
                return "is not a field of \(self.name) from Prometheus \(until) on, this is \(version)\(successor)"
            }
            return field.since.map { version.needs($0) }
        }
        if version > .newestKnown { return nil }
        let names = fields.values.filter { $0.isKnown(to: version) }.map(\.name)
        if let right = otherNames[name] ?? Nearest.name(to: name, among: names) {
            return "is not a field of \(self.name). Did you mean \"\(right)\"?"
        }
        let owner = fields.values.filter { $0.type.table?.fields[name] != nil && $0.isKnown(to: version) }.map(\.name)
            .min()
        return "is not a field of \(self.name)\(owner.map { ", but of its \($0)" } ?? "")"
    }
}

extension ConfigField {
    /// Whether a value is missing that has to be there.
    fileprivate func isMissing(in members: JSON.Members) -> Bool {
        guard let value = members[name] else { return presence == .required }
        switch value {
        case .null, .string(""): return true
        case .array(let elements): return elements.isEmpty
        default: return false
        }
    }
}

extension ConfigType {
    /// The table of an object.
    fileprivate var table: ConfigTable? {
        if case .object(let table) = self { table } else { nil }
    }

    /// The reasons why a version of Prometheus would refuse a value of the type. Paths begin in the value.
    func problems(_ value: JSON, for version: PrometheusVersion) -> [FieldError] {
        // A member that is null is one without a value.
        if value.isNull { return [] }
        func mismatch(_ expected: String) -> [FieldError] {
            [FieldError([], "should be \(expected), not \(value.shown)")]
        }
        switch self {
        case .any: return []
        case .string: return value.plainText == nil ? mismatch("a string") : []
        case .text(let syntax):
            guard let text = value.plainText else { return mismatch("a string") }
            return syntax.problem(text, version).map { [FieldError([], $0)] } ?? []
        case .bool: return value.bool == nil ? mismatch("true or false") : []
        case .int: return value.double == nil ? mismatch("a whole number") : []
        case .unsigned:
            guard let number = value.double else { return mismatch("a whole number") }
            return number < 0 ? [FieldError([], "\(value.text()) should not be negative")] : []
        case .number: return value.double == nil ? mismatch("a number") : []
        case .list(let type):
            guard let elements = value.array else { return mismatch("a list") }
            return elements.enumerated().flatMap { index, element -> [FieldError] in
                var element = element
                if element.isNull {
                    if case .object = type { return [FieldError([.index(index)], "should not be null")] }
                    if case .text = type { element = "" }
                }
                return type.problems(element, for: version).map { $0.inside(.index(index)) }
            }
        case .map(let keys, let type):
            guard let members = value.object else { return mismatch("an object") }
            return members.flatMap { key, value -> [FieldError] in
                if let problem = keys?.problem(key, version) { return [FieldError([.key(key)], problem)] }
                return type.problems(value, for: version).map { $0.inside(.key(key)) }
            }
        case .object(let table): return table.problems(value, for: version)
        }
    }
}

extension JSON {
    /// A plain value that is short, or the type. Strings are not shown, since they may be secrets.
    fileprivate var shown: String {
        switch self {
        case .int, .double, .bool: text()
        default: typeName
        }
    }
}

extension FieldError {
    fileprivate init(_ steps: [FieldPath.Step], _ problem: String) { self.init(FieldPath(steps), problem) }

    /// The error of a value that is a member or an element of another one.
    fileprivate func inside(_ step: FieldPath.Step) -> FieldError { FieldError([step] + path.steps, problem) }
}
