import Kube
import TestSupport
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Regular expressions")
struct RegularExpressionTests {
    @Test(arguments: [
        "(.*)", "a|b", "(?i:x)", "(?P<n>a+?)", "[^]a]", "[[:alpha:]-]", #"\d+\.\p{Greek}"#, "a{2,3}", "a{,3}", "",
        #"\Qa(b\E"#, "x*?", "^*", "(a*)*", #"[\d\-a-z]"#, "(?s)", "()",
    ])
    func `An expression that RE2 accepts has no problem`(text: String) {
        #expect(RegularExpression.problem(text) == nil)
    }

    @Test(arguments: [
        ("(a", "missing closing )"), ("a)", "unexpected )"), ("[a", "missing closing ]"),
        ("*a", "missing argument to repetition operator *"), ("a|+", "missing argument to repetition operator +"),
        ("a**", "invalid nested repetition operator *"), ("(?=a)", "unsupported Perl syntax (?="),
        ("(?<!a)b>", "unsupported Perl syntax (?<!"),
        (#"(a)\1"#, #"invalid escape sequence \1; RE2 has no backreferences"#),
        (#"a\"#, "trailing backslash at end of expression"), ("[z-a]", "invalid character class range z-a"),
        ("a{3,2}", "invalid repeat count {3,2}"), ("a{1001}", "invalid repeat count {1001}"),
        (#"\y"#, #"invalid escape sequence \y"#),
        ("(?P<>a)", "invalid named capture; expected a name of letters, digits and _"),
    ])
    func `An expression that RE2 refuses has a problem with the reason`(text: String, problem: String) {
        #expect(RegularExpression.problem(text) == problem)
    }

    @Test func `An escaped text matches only itself`() {
        #expect(RegularExpression.escaped("v1.2+3") == #"v1\.2\+3"#)
        #expect(RegularExpression.escaped(#"\.+*?()|[]{}^$"#) == #"\\\.\+\*\?\(\)\|\[\]\{\}\^\$"#)
        #expect(RegularExpression.problem(RegularExpression.escaped("(a[b{c")) == nil)
    }

    // MARK: - Limits

    private static let nested = String(repeating: "(", count: 1100) + "a" + String(repeating: ")", count: 1100)
    private static let large = "(\(String(repeating: "a", count: 4000))){1000}"

    /// Expressions that exceed a limit of Go, some by the product of several numbers.
    static let refused = [
        "a{4294967296}", "a{99999999999999999999}", "a{0,99999999999999999999}", "a{1001,}", "(a{100}){11}",
        "((a{2}){50}){11}", "(a{1000}b){2}", "(a{2,}){501}", nested, large,
    ]

    /// Similar expressions within the limits.
    static let accepted = [
        "(a{100}){10}", "a{+5}", "{+5}", "{5", "a{01}", "a{5", "a{2,b}", "{,5}", "((a{1000}){0}){1000}", "(a{1000}){1}",
        "(a{1000}|b{1000}){1}", "(a*)*", "a{0,1000}?", "(?i)a{2}", "a{,}",
    ]

    @Test(arguments: refused) func `An expression beyond the limits of RE2 is refused`(_ text: String) {
        #expect(RegularExpression.problem(text) != nil)
    }

    @Test(arguments: accepted) func `An expression within the limits of RE2 is accepted`(_ text: String) {
        #expect(RegularExpression.problem(text) == nil)
    }

    @Test func `Prometheus has the same limits for expressions`() async throws {
        for installed in await InstalledPrometheus.all() {
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            for (index, text) in (Self.refused + Self.accepted).enumerated() {
                let rule: JSON = ["action": "keep", "source_labels": ["a"], "regex": JSON(text)]
                let file: JSON = ["scrape_configs": [["job_name": "a", "relabel_configs": [rule]]]]
                let path = try folder.write("\(index).yaml", YAML.write(file))
                let result = try await ChildProcess.run(
                    installed.promtool, ["check", "config", "--syntax-only", path])
                #expect(
                    (result.code == 0) == Self.accepted.contains(text),
                    "\(installed): \(text.prefix(50)): \(result.output.prefix(300))")
            }
        }
    }
}
