import Glibc
import Kube
import TestSupport

/// Another program that reads YAML, to compare with.
enum OtherReader {
    static let hasPyYAML = run("python3 -c 'import yaml'", "") != nil
    static let hasKubectl = run("command -v kubectl", "") != nil

    /// What PyYAML makes of documents; nil if it refuses them.
    static func pyYAML(_ text: String) -> [JSON]? {
        let program = """
            import json, sys, yaml
            print(json.dumps(list(yaml.safe_load_all(sys.stdin.buffer))))
            """
        return run("python3 -c '\(program)'", text).flatMap { try? JSON(parsing: $0) }?.array
    }

    /// What kubectl, and so sigs.k8s.io/yaml, makes of a value given as the indented member `spec`; nil if it refuses it.
    ///
    /// No cluster is asked: `--local` edits the text it is given.
    static func kubectl(spec: String) -> JSON? {
        let text = "apiVersion: example.com/v1\nkind: Example\nmetadata: {name: a}\nspec:\n\(spec)"
        let output = run("KUBECONFIG=/dev/null kubectl annotate --local -f - a=b -o json", text)
        return output.flatMap { try? JSON(parsing: $0) }?["spec"]
    }

    /// Runs a shell command; nil if it fails.
    private static func run(_ command: String, _ input: String) -> [UInt8]? {
        var path = Array("/tmp/tributary-yaml-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        guard file >= 0 else { return nil }
        defer {
            close(file)
            unlink(path)
        }
        var rest = Array(input.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return nil }
            rest = rest.dropFirst(count)
        }
        let name = String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard let pipe = popen("\(command) < \(name) 2>/dev/null", "r") else { return nil }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            if count == 0 { break }
            output += buffer[..<count]
        }
        return pclose(pipe) == 0 ? output : nil
    }
}

/// Values and strings that are hard to write.
enum Hard {
    static let strings: [String] = [
        "", " ", "  ", "\n", "\n\n", "\n\n\n", " \n", "\n ", "a\n", "a\n\n", "\na", "\n\na\n", "a\nb", "a\n b\n",
        " a\nb", "  a\n b\n",
        "a \nb", "a\nb ", "a\n\n\nb\n", "\ta", "a\tb", "a\n\tb\n", "a\r\nb", "a\rb", "\u{0}", "\u{1}x", "\u{7F}",
        "\u{85}", "a\u{85}b\nc",
        "\u{2028}", "x\u{2029}y\nz", "\u{FEFF}", "\u{FEFF}a\nb", "\u{A0}", "é", "日本\n語", "😀", "😀\n😀", "\u{FFFD}",
        "\u{FFFE}", "\u{10FFFF}",
        "y", "Y", "n", "yes", "No", "NO", "on", "Off", "true", "TRUE", "False", "null", "Null", "NULL", "~", "nUlL",
        "yEs",
        "0", "1", "-1", "+1", "012", "0o12", "0x1F", "0X1f", "0b1", "1_000", "-_1", "1e3", "1E3", "1.5", "1.", ".5",
        "._5", "+.5", "1e999",
        "1.5e-3", ".inf", "-.inf", "+.INF", ".nan", ".NaN", "12:30", "12:30:45", "1:2.5", "190:20:30.15", "2020-01-01",
        "2020-1-1",
        "2020-01-01T00:00:00Z", "2020-01-01 00:00:00", "0x1p-2", "08", "1__0", "0b12", "18446744073709551616", "1,000",
        "10.0.0.1",
        "=", "<<", "-", "--", "---", "...", "- a", "-a", "?", "? a", ":", ": a", "a:", "a: b", "a :b", "#", "# a",
        "a #b", "a# b",
        "*a", "&a", "!a", "!!str", "%a", "@a", "`a", "'", "''", "\"", "\"\"", "'a'", "\"a\"", "a'b", "a\"b", "\\",
        "a\\nb", "|", ">", "|-",
        "[", "]", "{", "}", "[]", "{}", "{a}", "[a]", ",", "a,b", "a, b", "{{ x }}", "$(POD_NAME)", "100Gi",
        "http://x:80/y", "a=b",
        "key: |\n  x\n", "--- \na", "...\n", "---\n", "# x\n# y\n", "- x\n- y\n", "\u{301}a", "a\u{301}\nb\n",
        String(repeating: "long ", count: 60) + "x",
        String(repeating: "x", count: 300), String(repeating: "line of text\n", count: 40), "trailing tab\t",
        "trailing tab\t\nx\n",
    ]

    static func string(_ random: inout SeededNumbers) -> String {
        if Int.random(in: 0..<3, using: &random) > 0 { return strings.randomElement(using: &random) ?? "" }
        let alphabet: [Character] = Array(
            " \n\t:-#'\"\\|>&*!%@`?,[]{}=~_.+0123456789eExoabyYnNtTfFé日\u{85}\u{2028}\u{FEFF}😀\u{0}")
        return String(
            (0..<Int.random(in: 0..<12, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "x" })
    }

    static func value(_ random: inout SeededNumbers, depth: Int = 0) -> JSON {
        switch Int.random(in: 0..<(depth > 4 ? 7 : 11), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .int(.random(in: -1000...1000, using: &random))
        case 3: return .int(.random(in: .min ... .max, using: &random))
        case 4:
            let exponent = Int.random(in: -30...30, using: &random)
            return .double(
                Double.random(in: -10...10, using: &random)
                    * (0..<abs(exponent)).reduce(1) { scale, _ in exponent < 0 ? scale / 10 : scale * 10 })
        case 5, 6: return .string(string(&random))
        case 7, 8:
            return .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default:
            var members: JSON.Members = [:]
            for _ in 0..<Int.random(in: 0..<5, using: &random) {
                members[string(&random)] = value(&random, depth: depth + 1)
            }
            return .object(members)
        }
    }
}
