import Hashring
import PlanningInput
import TestSupport
import Testing

/// The reasons in the sources and in the docs.
@Suite struct `The reasons in the docs` {
    /// The folders whose words in CamelCase are reasons, but for ``notReasons``.
    private static let folders = [
        "Explanations", "HashringController", "Hashring", "Operator", "Planning", "PlanningInput", "Receivers/Observed",
    ]

    /// Words in CamelCase that are values of Kubernetes, of Thanos or of a field, and no reasons.
    private static let notReasons: Set<String> = [
        "ClusterFirstWithHostNet", "ClusterRole", "ContainerCreating", "CronJob", "DaemonSet", "EndpointSlice",
        "FallbackToLogsOnError", "FieldValueForbidden", "HTTPRoute", "OrderedReady", "OrganizationalUnit", "PathPrefix",
        "PersistentVolumeClaim", "PodInitializing", "PodScheduled", "ReadOnly", "ReplicaSet", "RollingUpdate",
        "RuntimeDefault", "ScheduleAnyway", "ServiceAccount", "StatefulSet",
    ]

    @Test func `The reasons in the docs are those of the sources`() throws {
        var words: Set<String> = []
        var reasons: Set<String> = []
        for folder in Self.folders {
            for file in Checkout.files(under: "Sources/\(folder)") where file.hasSuffix(".swift") {
                for line in try Checkout.read(file).split(separator: "\n") {
                    let found = Self.words(in: line)
                    words.formUnion(found)
                    reasons.formUnion(found.filter(Self.isCamelCase))
                    // A reason may also be a single word, such as "Creating".
                    if !found.isEmpty, Self.namesReason(line) { reasons.formUnion(found.prefix(1)) }
                }
            }
        }
        reasons.subtract(Self.notReasons)
        let documented = try Self.documented()
        #expect(reasons.count > 170)
        #expect(reasons.subtracting(documented).sorted() == [], "missing in docs/reasons.md")
        #expect(documented.subtracting(words).sorted() == [], "in the docs, and in no source")
        #expect(Self.notReasons.subtracting(words).sorted() == [], "are no longer in the sources")
    }

    @Test func `The reasons in the docs are in the order of the alphabet, once each, and all say what to do`() throws {
        var seen: Set<String> = []
        for table in try MarkdownPage.at("docs/reasons.md").tables where table.header.first == "reason" {
            let reasons = table.rows.map { $0[0].filter { $0 != "`" } }
            #expect(reasons == reasons.sorted())
            for reason in reasons { #expect(seen.insert(reason).inserted, "\(reason) is there twice") }
            for row in table.rows { #expect(row.count == 4 && row.allSatisfy { !$0.isEmpty }, "\(row)") }
        }
        #expect(seen.count > 150)
    }

    /// The words that a line has as string literals, in their order.
    private static func words(in line: Substring) -> [String] {
        guard line.utf8.contains(UInt8(ascii: "\"")), !line.drop(while: { $0 == " " }).hasPrefix("//") else {
            return []
        }
        return line.split(separator: "\"", omittingEmptySubsequences: false).dropFirst().dropLast().filter { word in
            guard let first = word.utf8.first, UInt8(ascii: "A")...UInt8(ascii: "Z") ~= first else { return false }
            return word.contains(where: \.isLowercase) && word.utf8.allSatisfy { isLetter($0) }
        }.map(String.init)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    /// Whether a word has a capital letter after a small one, or begins with an abbreviation, such as `IDInUse`.
    private static func isCamelCase(_ word: String) -> Bool { word.contains(#/[a-z][A-Z]|^[A-Z]{2,}[a-z]/#) }

    /// Whether a line has the shape of what makes a finding.
    private static func namesReason(_ line: Substring) -> Bool {
        line.contains(#/\breason: "|Cause\("|Finding\(\.\w+, "|\.(good|bad|note|wrong|progress), "/#)
    }

    /// The words in the column of the reasons.
    private static func documented() throws -> Set<String> {
        var result: Set<String> = []
        for page in ["docs/reasons.md", "docs/delivery.md"] {
            for table in try MarkdownPage.at(page).tables {
                guard let column = table.header.firstIndex(where: { ["reason", "cause"].contains($0) }) else {
                    continue
                }
                for row in table.rows {
                    result.formUnion(row[column].matches(of: #/`([A-Za-z]+)`/#).map { String($0.output.1) })
                }
            }
        }
        return result
    }
}
