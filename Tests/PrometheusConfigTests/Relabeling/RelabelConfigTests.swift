import Kube
import Testing

@testable import PrometheusConfig

@Suite("Relabelling rules")
struct RelabelConfigTests {
    @Test(arguments: [
        (#"{"source_labels":["a"],"target_label":"b"}"#, "ok"),
        (#"{"source_labels":["a"],"target_label":"x_${1}_$2"}"#, "ok"),
        (#"{"source_labels":["a"]}"#, "target_label: is required by action replace"),
        (#"{"action":"Keep","regex":"(a"}"#, "regex: \"(a\": missing closing )"),
        (#"{"action":"hashmod","target_label":"t"}"#, "modulus: is required by action hashmod and should not be 0"),
        (
            #"{"action":"labeldrop","regex":"x","target_label":"t"}"#,
            "target_label: is not allowed with action labeldrop"
        ),
        (
            #"{"action":"keepequal","source_labels":["a"],"target_label":"t"}"#,
            "action: \"keepequal\" needs Prometheus v2.41.0, this is v2.40.0"
        ),
        (
            #"{"action":"nosuch"}"#,
            "action: \"nosuch\" should be one of replace, keep, drop, hashmod, labelmap, labeldrop, labelkeep, lowercase, uppercase"
        ),
        (#"{"target_label":"a-b"}"#, "target_label: \"a-b\" is not a valid label name"),
        (#"{"targetLabel":"a"}"#, "targetLabel: is not a field of a relabelling rule"),
        (#"{"source_labels":"a"}"#, "source_labels: should be a list, not a string"),
        (#"{"action":"drop","regex":8080}"#, "ok"),
    ])
    func `A relabeling rule that Prometheus would refuse has a problem with the field`(text: String, expected: String)
        throws
    {
        let json = try JSON(parsing: text)
        do throws(FieldError) {
            let problems = try RelabelConfig(json: json).problems(for: .init(2, 40))
            #expect((problems.first?.description ?? "ok") == expected)
        } catch {
            #expect(error.description == expected)
        }
    }

    @Test func `A relabeling rule is written in the order of prometheus-operator`() {
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
