import Kube
import Testing

@testable import PrometheusConfig

struct ValueTests {
    @Test(arguments: [
        ("0", 0), ("30s", 30_000), ("1h30m", 5_400_000), ("500ms", 500), ("1y2w3d4h5m6s7ms", 33_019_506_007), ("0s", 0),
        ("90m", 5_400_000),
    ])
    func `durations are read as Prometheus reads them`(text: String, milliseconds: Int64) {
        #expect(PrometheusDuration(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "30", "1.5s", "-1s", "1m1h", "1s1s", "s", " 1s", "1S", "300y", "99999999999999999999s", "1ms1s", "٣s",
    ])
    func `what Prometheus refuses as a duration is refused`(text: String) {
        #expect(PrometheusDuration(text) == nil)
    }

    @Test func `versions are read as images are tagged`() {
        #expect(PrometheusVersion("v3.5.0") == PrometheusVersion(3, 5))
        #expect(PrometheusVersion("2.53.1+ds1")?.description == "v2.53.1")
        #expect(PrometheusVersion("v3.0.0-rc.1") == PrometheusVersion(3, 0))
        for text in ["", "v", "3", "latest", "3.x", "1.2.3.4", "v3..1"] {
            #expect(PrometheusVersion(text) == nil, "\(text)")
        }
        #expect(
            PrometheusVersion(2, 9) < PrometheusVersion(2, 32) && PrometheusVersion(2, 53) < PrometheusVersion(3, 0))
    }

    @Test(arguments: [
        "(.*)", "a|b", "(?i:x)", "(?P<n>a+?)", "[^]a]", "[[:alpha:]-]", #"\d+\.\p{Greek}"#, "a{2,3}", "a{,3}", "",
        #"\Qa(b\E"#, "x*?", "^*", "(a*)*", #"[\d\-a-z]"#, "(?s)", "()",
    ])
    func `expressions that RE2 knows pass`(text: String) {
        #expect(RegularExpression.problem(text) == nil)
    }

    @Test(arguments: [
        ("(a", "a ( is not closed"), ("a)", "a ) was never opened"), ("[a", "a [ is not closed"),
        ("*a", "* has nothing before it to repeat"), ("a|+", "+ has nothing before it to repeat"),
        ("a**", "* repeats what is already repeated"), ("(?=a)", "(?= is not known to RE2"),
        ("(?<!a)b>", "(?<! is not known to RE2"), (#"(a)\1"#, #"\1 refers back to a group, which RE2 does not know"#),
        (#"a\"#, #"the expression ends with \"#), ("[z-a]", "the range z-a runs backwards"),
        ("a{3,2}", "the repeat count {…} is out of range"), ("a{1001}", "the repeat count {…} is out of range"),
        (#"\y"#, #"\y is not known to RE2"#), ("(?P<>a)", "a group's name is not made of letters, digits and _"),
    ])
    func `expressions that RE2 refuses are refused with the reason`(text: String, problem: String) {
        #expect(RegularExpression.problem(text) == problem)
    }

    @Test(arguments: [
        (#"{"source_labels":["a"],"target_label":"b"}"#, "ok"),
        (#"{"source_labels":["a"],"target_label":"x_${1}_$2"}"#, "ok"),
        (#"{"source_labels":["a"]}"#, "target_label: is required by action replace"),
        (#"{"action":"Keep","regex":"(a"}"#, "regex: \"(a\": a ( is not closed"),
        (#"{"action":"hashmod","target_label":"t"}"#, "modulus: is required by action hashmod, and is not 0"),
        (
            #"{"action":"labeldrop","regex":"x","target_label":"t"}"#,
            "target_label: is not allowed with action labeldrop"
        ),
        (
            #"{"action":"keepequal","source_labels":["a"],"target_label":"t"}"#,
            "action: \"keepequal\" needs Prometheus v2.41.0, this is v2.40.0"
        ),
        (#"{"action":"nosuch"}"#, "action: \"nosuch\" is unknown"),
        (#"{"target_label":"a-b"}"#, "target_label: \"a-b\" is no label name"),
        (#"{"targetLabel":"a"}"#, "targetLabel: is not a field of a relabelling rule"),
        (#"{"source_labels":"a"}"#, "source_labels: should be a list, not a string"),
        (#"{"action":"drop","regex":8080}"#, "ok"),
    ])
    func `relabelling rules are held to what Prometheus asks of them`(text: String, expected: String) throws {
        let json = try JSON(parsing: text)
        do throws(FieldError) {
            let problems = try RelabelConfig(json: json).problems(for: .init(2, 40))
            #expect((problems.first?.description ?? "ok") == expected)
        } catch {
            #expect(error.description == expected)
        }
    }

    @Test func `a relabelling rule is written in prometheus-operator's order`() {
        let rule = RelabelConfig(
            sourceLabels: ["a", "b"], separator: ",", targetLabel: "t", regex: "(.*)", modulus: 2, replacement: "$1",
            action: "HashMod")
        #expect(
            rule.json.text()
                == #"{"source_labels":["a","b"],"separator":",","target_label":"t","regex":"(.*)","modulus":2,"#
                + #""replacement":"$1","action":"hashmod"}"#)
        #expect((try? RelabelConfig(json: rule.json))?.json == rule.json)
    }
}
