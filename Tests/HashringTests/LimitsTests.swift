import Kube
import Testing
import YAML

@testable import Hashring

@Suite("Limits files")
struct LimitsTests {
    func findings(
        _ text: String, _ environment: [String: String] = [:], previous: LimitsFile? = nil
    ) throws -> [String] {
        try LimitsFile.read(Array(text.utf8), environment: environment, previous: previous).findings.map {
            "\($0.position) \($0.finding.severity.rawValue) \($0.finding.field)"
        }
    }

    @Test func `A limits file that is written and read again stays the same`() throws {
        let file = LimitsFile(
            maxConcurrency: 10, metaMonitoringURL: "http://prometheus:9090",
            metaMonitoringHTTPClient: ["bearer_token": "x"], defaults: .init(requestSeries: 5, headSeries: 100),
            tenants: ["a": .init(), "1": .init(requestBytes: 0, requestSamples: 7)])
        let reading = try LimitsFile.read(Array(file.encoded().utf8))
        #expect(reading.file == file)
        #expect(reading.findings == [])
        #expect(file.encoded().contains("a: {}"))
        #expect(try LimitsFile.read(Array(LimitsFile().encoded().utf8)).file == LimitsFile())
    }

    @Test(arguments: [
        ("wite: {}", ["1:1 error wite"]),
        ("write:\n  tenants:\n    a:\n", ["3:5 error write.tenants.a"]),
        ("write: {global: {meta_monitoring_url: 'localhost:9090'}}", ["1:18 error write.global.meta_monitoring_url"]),
        ("write: {global: {meta_monitoring_url: /x}}", ["1:18 error write.global.meta_monitoring_url"]),
        ("write: {global: {meta_monitoring_url: 'http://h:x'}}", ["1:18 error write.global.meta_monitoring_url"]),
        ("write: {default: {request: {series_limit: 1.5}}}", ["1:29 warning write.default.request.series_limit"]),
        ("write: {default: {request: {series_limit: '5'}}}", ["1:29 error write.default.request.series_limit"]),
        ("write: {default: {request: {series_limit: -5}}}", ["1:29 warning write.default.request.series_limit"]),
        ("write: {default: {head_series_limit: -5}}", ["1:19 error write.default.head_series_limit"]),
        ("write: {default: {head_series_limit: 5}}", ["1:1 warning write"]),
        ("write: {}\n---\nwrite: {}\n", ["3:1 warning the object"]),
        ("\u{FEFF}write: {}", []),
        ("", ["1:1 warning the object"]),
        ("write: {tenants: {a/b: {}}}", ["1:19 warning write.tenants[\"a/b\"]"]),
        ("write: {tenants: {a*: {}}}", ["1:19 warning write.tenants.a*"]),
        ("write: {tenants: {yes: {}}}", ["1:19 warning write.tenants.true"]),
        ("write: {tenants: {12: {}, 'true': {}}}", []),
    ])
    func `Each mistake in a limits file is found with its position`(text: String, found: [String]) throws {
        #expect(try findings(text) == found)
    }

    @Test func `A client that cannot be made is an error once head series are limited`() throws {
        func text(_ client: String, head: Int) -> String {
            "write: {global: {meta_monitoring_url: 'http://h', meta_monitoring_http_client: \(client)}, "
                + "default: {head_series_limit: \(head)}}"
        }
        let both = "{bearer_token: a, bearer_token_file: b}"
        #expect(try findings(text(both, head: 1)).first?.contains(" error ") == true)
        #expect(try findings(text(both, head: 0)).first?.contains(" warning ") == true)
        #expect(
            try findings(text("{tls_config: {ca_file: /ca}}", head: 1)).first?.hasSuffix("tls_config.ca_file") == true)
        #expect(try findings(text("{tls_config: {ca_file: /ca}}", head: 0)) == [])
        #expect(try findings(text("{tls_config: {cert_file: /c}}", head: 1)).contains { $0.contains(" error ") })
        #expect(try findings(text("{tls: {}}", head: 0)).first?.contains(" error ") == true)
    }

    @Test func `A variable that is not set is refused, also in comments`() throws {
        #expect(try findings("write: {global: {max_concurrency: $(N)}}", ["N": "3"]) == [])
        let error = #expect(throws: YAMLError.self) { try findings("write: {}\n# é $(N_1)", ["N": "3"]) }
        #expect(error?.position == YAMLPosition(line: 2, column: 5))
        #expect(try findings("write: {} # $(a-b) $() $(") == [])
    }

    @Test func `A key that is given twice is refused`() {
        #expect(throws: YAMLError.self) { try findings("write: {}\nwrite: {}") }
    }

    @Test func `A change that needs a restart is reported`() throws {
        let before = LimitsFile(maxConcurrency: 5, defaults: .init(headSeries: 5))
        #expect(try findings("write: {}", previous: before).count == 2)
        let text = "write: {global: {meta_monitoring_url: 'http://h'}, default: {head_series_limit: 5}}"
        #expect(try findings(text, previous: LimitsFile()) == ["1:18 warning write.global.meta_monitoring_url"])
    }

    @Test func `Removing the URL while head series are limited is an error, as running receivers panic`() throws {
        let before = LimitsFile(metaMonitoringURL: "http://h", defaults: .init(headSeries: 5))
        let found = try findings("write: {default: {head_series_limit: 5}}", previous: before)
        #expect(found.contains { $0.hasSuffix("error write.global.meta_monitoring_url") }, "\(found)")
        #expect(try !findings("write: {}", previous: before).contains { $0.contains("error") })
    }
}
