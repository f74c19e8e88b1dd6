import Kube
import YAML

/// Pieces of Markdown as GitHub reads it.
enum Markdown {
    /// Text without markup, fit for a cell of a table.
    static func plain(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "|", "*", "\\": result += "\\\(character)"
            case "<": result += "&lt;"
            default: result.append(character)
            }
        }
        return result
    }

    /// Text as code, fit for a cell of a table.
    static func code(_ text: String) -> String {
        "`\(text.map { $0 == "|" ? "\\|" : String($0) }.joined())`"
    }

    /// The anchor of a heading.
    static func anchor(_ heading: String) -> String {
        String(
            heading.lowercased().compactMap { character -> Character? in
                if character == " " { return "-" }
                return character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
            })
    }
}

extension JSON {
    /// The value as YAML in one line.
    var flowText: String {
        switch self {
        case .array(let elements): return "[\(elements.map(\.flowText).joined(separator: ", "))]"
        case .object(let members):
            return "{\(members.map { "\(JSON($0.key).flowText): \($0.value.flowText)" }.joined(separator: ", "))}"
        case .string:
            let line = String(YAML.write(self).dropLast())
            let isPlain = !line.hasPrefix("\"") && !line.hasPrefix("'")
            // These end a plain scalar in a line, but not in a block.
            return isPlain && line.contains(where: { ",[]{}".contains($0) }) ? text() : line
        default: return text()
        }
    }
}
