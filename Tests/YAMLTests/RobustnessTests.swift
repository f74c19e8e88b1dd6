import Kube
import TestSupport
import Testing
import YAML

@Suite struct `Broken YAML` {
    /// What breaks parsers when it is put into a text.
    static let pieces = [
        "*a", "&a ", "<<: ", "? ", ": ", "- ", "|", ">", "!!binary ", "!!int ", "[", "]", "{", "}", "'", "\"", "\\",
        "\n", "\t", "#", "%YAML 9\n",
        "---\n", "...\n", "\u{FEFF}", "\u{0}", "\u{85}", "~", "!", "!<", "&", "*", "@", "`", "|9\n", "|-0\n", "0x",
        ".inf", "  ",
    ].map { Array($0.utf8) }

    @Test func `A text with random damage is either refused or read, and the result can be written`() {
        var random = SeededNumbers(seed: 4)
        let seeds = [Examples.deployment, YAML.write([JSON(Hard.strings), ["a": ["b": [1, 2.5, nil]]]])].map {
            Array($0.utf8)
        }
        var refused = 0
        for round in 0..<4000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: index)
                case 3: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...40, using: &random)))
                default:
                    let end = min(bytes.count, index + Int.random(in: 1...40, using: &random))
                    bytes.insert(contentsOf: bytes[index..<end], at: Int.random(in: 0..<bytes.count, using: &random))
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            do throws(YAMLError) {
                for document in try YAML.parse(bytes) {
                    let written = YAML.write(document.value)
                    #expect((try? YAML.parseOne(written).value) == document.value)
                }
            } catch {
                refused += 1
                #expect(error.position.line >= 1 && error.position.column >= 1 && !error.reason.isEmpty)
            }
        }
        #expect(refused > 100 && refused < 4000)
    }
}
