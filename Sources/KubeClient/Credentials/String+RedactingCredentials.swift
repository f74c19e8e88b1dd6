extension String {
    /// This text of another program without possible credentials, for messages and logs.
    ///
    /// Replaces long words that mix letters and digits, and words after labels such as `token`.
    package var redactingCredentials: String {
        var result = ""
        var word = ""
        var hidesNext = false
        func isWordCharacter(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || "-_+.~".contains(character)
        }
        func flush() {
            guard !word.isEmpty else { return }
            let lower = word.lowercased()
            let isLabel = labels.contains { lower.hasSuffix($0) }
            if hidesNext && !isLabel || looksSecret(word) {
                result += "<redacted>"
                hidesNext = false
            } else {
                result += word
                hidesNext = isLabel
            }
            word = ""
        }
        for character in self {
            if isWordCharacter(character) {
                word.append(character)
            } else {
                flush()
                // The value of a label follows it closely: `token: x`, `token=x`, `Bearer x`, `"token":"x"`.
                if !" :=\"'".contains(character) { hidesNext = false }
                result.append(character)
            }
        }
        flush()
        return result
    }
}

/// The words that precede a credential.
private let labels = [
    "token", "bearer", "basic", "password", "passwd", "secret", "key", "authorization", "assertion", "credential",
]

private func looksSecret(_ word: String) -> Bool {
    guard word.utf8.count >= 16 else { return word.hasPrefix("eyJ") && word.utf8.count >= 8 }
    let digits = word.utf8.count { (0x30...0x39).contains($0) }
    let letters = word.utf8.count { ($0 | 0x20) > 0x60 && ($0 | 0x20) < 0x7B }
    return word.utf8.count >= 40 || digits > 0 && letters > 1
}
