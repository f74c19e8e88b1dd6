/// A line for a shell in the docs, as far as its calls of commands can be told.
struct ShellLine {
    /// The words of each command, with those that pipes, `;`, `&&` and `<(…)` separate.
    private(set) var calls: [[String]] = [[]]

    init(_ text: String) {
        var quote: Character?
        var word: String?
        var text = text[...]
        func end(_ calls: inout [[String]], _ word: inout String?) {
            if let word { calls[calls.count - 1].append(word) }
            word = nil
        }
        while let character = text.popFirst() {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == "#", word == nil {
                break
            } else if "|;&()<>".contains(character) {
                end(&calls, &word)
                if let last = calls.last, !last.isEmpty { calls.append([]) }
                // A file that output goes to is no command.
                if character == ">" {
                    text = text.drop { $0 == " " }.drop { !" |;&)".contains($0) }
                }
            } else if character == " " {
                end(&calls, &word)
            } else if character == "\\", let next = text.popFirst() {
                word = (word ?? "") + String(next)
            } else {
                word = (word ?? "") + String(character)
            }
        }
        end(&calls, &word)
        calls.removeAll(where: \.isEmpty)
    }

    /// The arguments of each call of `tributary`.
    var tributary: [[String]] {
        calls.compactMap { words in
            let start = words.lastIndex(of: "--").map { $0 + 1 } ?? 0
            guard start < words.count else { return nil }
            let command = words[start]
            return command == "tributary" || command.hasSuffix("/tributary") ? Array(words[(start + 1)...]) : nil
        }
    }
}

extension MarkdownPage.Block {
    /// A command with what it prints, if the docs show that.
    struct Call: CustomStringConvertible {
        var block: MarkdownPage.Block
        var line: ShellLine
        /// The command as it stands there.
        var text: String
        /// The lines of its output.
        var output: [String]

        var description: String { "\(block): \(text)" }
    }

    /// The commands in a block of a shell.
    var calls: [Call] {
        let hasCommands = lines.contains { line in
            ["$ ", "kubectl ", "tributary ", "make "].contains { line.hasPrefix($0) }
        }
        guard ["console", "sh"].contains(language) || language.isEmpty && hasCommands else { return [] }
        let hasPrompt = lines.contains { $0.hasPrefix("$ ") }
        var result: [Call] = []
        var rest = lines[...]
        while var text = rest.popFirst() {
            guard text.hasPrefix("$ ") || !hasPrompt else {
                if !result.isEmpty { result[result.count - 1].output.append(text) }
                continue
            }
            while text.hasSuffix("\\"), let next = rest.popFirst() { text = text.dropLast() + next }
            if hasPrompt { text = String(text.dropFirst(2)) }
            result.append(Call(block: self, line: ShellLine(text), text: text, output: []))
        }
        return result
    }
}
