/// Suffixes of generated names, in letters and digits that spell no words: apimachinery's `util/rand`.
enum NameSuffix {
    private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
    /// The longest prefix of a generated name, in bytes.
    static let maximumPrefixLength = 58

    /// The five random characters that complete `metadata.generateName`.
    static func random() -> String { String((0..<5).map { _ in alphabet[Int.random(in: alphabet.indices)] }) }

    /// A number of characters that depend only on a hash.
    static func encoding(_ hash: UInt64, length: Int) -> String {
        var rest = hash
        var text = ""
        for _ in 0..<length {
            text.append(alphabet[Int(rest % UInt64(alphabet.count))])
            rest /= UInt64(alphabet.count)
        }
        return text
    }
}
