/// Reads the `Warning` header as apimachinery's `ParseWarningHeader` does: `299 - "text"`, separated by commas.
enum WarningHeader {
    /// The texts of the warnings with code 299, up to the first malformed one.
    static func parse(_ value: String) -> [String] {
        var texts: [String] = []
        var rest = value[...]
        while true {
            rest = rest.drop { $0 == " " || $0 == "," || $0 == "\t" }
            guard let codeEnd = rest.firstIndex(of: " ") else { return texts }
            let code = rest[..<codeEnd]
            rest = rest[codeEnd...].drop { $0 == " " }
            guard let agentEnd = rest.firstIndex(of: " ") else { return texts }
            rest = rest[agentEnd...].drop { $0 == " " }
            guard rest.first == "\"", let text = takeQuoted(&rest) else { return texts }
            if code == "299" { texts.append(text.onOneLine(limit: 1000)) }
            // A quoted date may follow.
            if rest.first == " " {
                let afterBlank = rest.drop { $0 == " " }
                if afterBlank.first == "\"" {
                    rest = afterBlank
                    guard takeQuoted(&rest) != nil else { return texts }
                }
            }
        }
    }

    private static func takeQuoted(_ rest: inout Substring) -> String? {
        var text = ""
        var isEscaped = false
        for index in rest.indices.dropFirst() {
            let character = rest[index]
            if isEscaped {
                text.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                rest = rest[rest.index(after: index)...]
                return text
            } else {
                text.append(character)
            }
        }
        return nil
    }
}
