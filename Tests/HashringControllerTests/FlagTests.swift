import Testing

@testable import HashringController

@Suite("Flags of Go programs")
struct FlagTests {
    private func normalized(_ arguments: String...) throws -> [String] {
        try GoFlags.normalized(arguments, values: ["namespace", "port"], switches: ["annotate", "ready"])
    }

    @Test func `A flag has one dash or two, and its value follows an equals sign or is the next argument`() throws {
        #expect(try normalized("-namespace", "a", "--port=1") == ["--namespace=a", "--port=1"])
        #expect(try normalized("--namespace", "a", "-port=1") == ["--namespace=a", "--port=1"])
        #expect(try normalized("-namespace=") == ["--namespace", ""])
        #expect(try normalized("-namespace", "-port=1") == ["--namespace=-port=1"])
        #expect(try normalized("--namespace=a=b") == ["--namespace=a=b"])
    }

    @Test(arguments: ["", "=1", "=t", "=T", "=true", "=TRUE", "=True"]) func `A switch with a true value is on`(
        text: String
    ) throws {
        #expect(try normalized("-annotate\(text)") == ["--annotate"])
    }

    @Test(arguments: ["=0", "=f", "=F", "=false", "=FALSE", "=False"]) func `A switch with a false value is off`(
        text: String
    ) throws {
        #expect(try normalized("--annotate\(text)") == ["--no-annotate"])
    }

    @Test func `A switch does not use the next argument as its value`() throws {
        #expect(try normalized("--annotate", "true") == ["--annotate", "true"])
    }

    @Test func `The last value of a flag that is given twice applies`() throws {
        #expect(try normalized("-port=1", "-annotate", "-port=2", "-annotate=false") == ["--port=2", "--no-annotate"])
    }

    @Test func `Unknown arguments are left for the parser to refuse`() throws {
        #expect(try normalized("--nonsense=1", "-h", "extra", "-") == ["--nonsense=1", "-h", "extra", "-"])
    }

    @Test func `A switch with an invalid value is refused, and so is a flag without a value`() {
        #expect(throws: GoFlags.Fault(description: "--ready=yes: should be true or false")) {
            try normalized("-ready=yes")
        }
        #expect(throws: GoFlags.Fault(description: "--port: has no value; expected --port=VALUE")) {
            try normalized("-port")
        }
    }

    @Test func `Durations are read as in Go`() {
        let good: [(String, Duration)] = [
            ("5s", .seconds(5)), ("0", .zero), ("0s", .zero), ("1m30s", .seconds(90)), ("1.5h", .seconds(5400)),
            ("300ms", .milliseconds(300)), ("2h45m", .seconds(9900)), (".5s", .milliseconds(500)),
            ("1.s", .seconds(1)), ("10us", .microseconds(10)), ("+5s", .seconds(5)),
        ]
        for (text, duration) in good { #expect(GoDuration(text)?.duration == duration, "\(text)") }
        for text in ["", "5", "s", "-5s", "5 s", "1d", "1..5s", "5s5", "999999999h", "+"] {
            #expect(GoDuration(text) == nil, "\(text)")
        }
    }
}
