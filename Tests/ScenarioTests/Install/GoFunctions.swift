import Kube
import YAML

/// The functions of Helm's templates that the chart uses, except `include`.
enum GoFunctions {
    static func call(_ name: String, _ arguments: [JSON]) throws -> JSON {
        let texts = arguments.map { $0.string ?? "" }
        switch (name, arguments.count) {
        case ("and", 1...): return arguments.first { !GoRendering.isTrue($0) } ?? arguments[arguments.count - 1]
        case ("or", 1...): return arguments.first { GoRendering.isTrue($0) } ?? arguments[arguments.count - 1]
        case ("not", 1): return .bool(!GoRendering.isTrue(arguments[0]))
        case ("eq", 2): return .bool(arguments[0] == arguments[1])
        case ("default", 2): return GoRendering.isTrue(arguments[1]) ? arguments[1] : arguments[0]
        case ("int", 1): return arguments[0]
        case ("until", 1): return .array((0..<(arguments[0].int ?? 0)).map { JSON($0) })
        case ("list", _): return .array(arguments)
        case ("concat", _): return .array(arguments.flatMap { $0.array ?? [] })
        case ("splitList", 2):
            return .array(
                texts[1].split(separator: texts[0], omittingEmptySubsequences: false).map { .string("\($0)") })
        case ("printf", 2): return .string(texts[0].replacing("%s", with: texts[1]))
        case ("hasPrefix", 2): return .bool(texts[1].hasPrefix(texts[0]))
        case ("trimPrefix", 2): return .string(String(texts[1].trimmingPrefix(texts[0])))
        case ("dig", 3...):
            let found = texts.dropLast(2).reduce(arguments.last) { $0?[$1] }
            return found ?? arguments[arguments.count - 2]
        case ("nindent", 2):
            let space = String(repeating: " ", count: arguments[0].int ?? 0)
            return .string(
                texts[1].split(separator: "\n", omittingEmptySubsequences: false).map { "\n\(space)\($0)" }.joined())
        case ("fromYaml", 1): return try YAML.parseOne(texts[0]).value
        case ("toYaml", 1):
            let text = YAML.write(arguments[0])
            return .string(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        default: throw GoTemplate.Fault(description: "no function \(name) with \(arguments.count) arguments")
        }
    }
}
