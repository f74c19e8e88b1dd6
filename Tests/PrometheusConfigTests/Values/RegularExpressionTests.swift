import Testing

@testable import PrometheusConfig

@Suite("Regular expressions")
struct RegularExpressionTests {
    @Test(arguments: [
        "(.*)", "a|b", "(?i:x)", "(?P<n>a+?)", "[^]a]", "[[:alpha:]-]", #"\d+\.\p{Greek}"#, "a{2,3}", "a{,3}", "",
        #"\Qa(b\E"#, "x*?", "^*", "(a*)*", #"[\d\-a-z]"#, "(?s)", "()",
    ])
    func `an expression that RE2 accepts has no problem`(text: String) {
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
    func `an expression that RE2 refuses has a problem with the reason`(text: String, problem: String) {
        #expect(RegularExpression.problem(text) == problem)
    }

    @Test func `an escaped text matches only itself`() {
        #expect(RegularExpression.escaped("v1.2+3") == #"v1\.2\+3"#)
        #expect(RegularExpression.escaped(#"\.+*?()|[]{}^$"#) == #"\\\.\+\*\?\(\)\|\[\]\{\}\^\$"#)
        #expect(RegularExpression.problem(RegularExpression.escaped("(a[b{c")) == nil)
    }
}
