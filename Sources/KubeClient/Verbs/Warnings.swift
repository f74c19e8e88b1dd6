import Kube
import Logging

/// Logs the warnings that the API server sends, each text once.
final class WarningLog: Sendable {
    /// How many different texts are remembered; beyond that all is forgotten, and a warning may come again.
    private static let limit = 1000

    private let seen: Locked<Set<String>> = Locked([])
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    func log(_ headers: HTTPHeaders) {
        for value in headers.values(of: "warning") {
            for text in WarningHeader.parse(value) {
                let isNew = seen.withLock { seen in
                    if seen.count >= Self.limit { seen.removeAll() }
                    return seen.insert(text).inserted
                }
                if isNew { logger.warning("the API server warns: \(text)") }
            }
        }
    }
}

/// The `Warning` header as apimachinery's `ParseWarningHeader` reads it: `299 - "text"`, several divided by commas.
enum WarningHeader {
    /// The texts of the warnings with code 299; whatever cannot be read ends the list.
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
            // A date may follow, in quotes as well.
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
