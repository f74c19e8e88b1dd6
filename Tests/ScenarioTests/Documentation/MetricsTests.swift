import TestSupport
import Testing

/// The metrics that the programs serve, and those of the docs.
@Suite(.timeLimit(.minutes(4))) struct `The metrics in the docs` {
    private struct Metric: Hashable, Comparable, CustomStringConvertible {
        var name: String
        var type: String

        var description: String { "\(name) (\(type))" }
        static func < (left: Metric, right: Metric) -> Bool { left.name < right.name }
    }

    @Test func `The metrics in the docs are those that the programs serve, with their types and labels`() async throws {
        let documented = try Self.documented()
        let texts = try await Self.served()
        var served: Set<Metric> = []
        for line in texts.flatMap({ $0.split(separator: "\n") }) {
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ").map(String.init)
                served.insert(Metric(name: words[2], type: words[3]))
            } else if let sample = line.prefixMatch(of: #/([a-z_]+)\{(.*)\} /#) {
                let labels = sample.output.2.matches(of: #/(\w+)="(?:[^"\\]|\\.)*"/#).map { String($0.output.1) }
                let name = MonitoringExpressions.family(String(sample.output.1))
                let own = documented.first { $0.key.name == name }?.value
                #expect(own == labels.filter { $0 != "le" }, "\(line)")
            }
        }
        #expect(served.subtracting(documented.keys).sorted() == [], "missing in docs/metrics.md")
        #expect(Set(documented.keys).subtracting(served).sorted() == [], "in the docs, and nowhere served")
        #expect(served.count > 60)
    }

    /// The metrics in the docs with their labels.
    private static func documented() throws -> [Metric: [String]] {
        var result: [Metric: [String]] = [:]
        for table in try MarkdownPage.at("docs/metrics.md").tables where table.header.first == "metric" {
            for row in table.rows {
                let metric = Metric(name: row[0].filter { $0 != "`" }, type: row[1])
                #expect(result[metric] == nil, "\(metric) is there twice")
                result[metric] = row[2].matches(of: #/\w+/#).map { String($0.output) }
                #expect(!row[3].isEmpty, "\(metric)")
                #expect(row.count == 5 && !row[4].isEmpty, "\(metric): what to do")
            }
        }
        return result
    }

    /// What each program serves at `/metrics`.
    private static func served() async throws -> [String] {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let kubeconfig = folder.path("kubeconfig")
        let metrics = ["operator", "hashring", "relay", "identity"]
        let ports = try metrics.map { _ in try freePort() }
        let address = { (index: Int) in "127.0.0.1:\(ports[index])" }
        let lease = ["--leader-elect", "--leader-election-namespace", "observability"]
        let calls: [[String]] = [
            ["local", "--write-kubeconfig", kubeconfig, "-f", "\(Checkout.root)/examples/walls"],
            ["run", "--kubeconfig", kubeconfig, "--metrics-bind-address", address(0)] + lease,
            [
                "hashring", "--kubeconfig", kubeconfig, "--namespace", "observability", "--configmap-name", "base",
                "--configmap-generated-name", "generated", "--file-name", "hashrings.json", "--internal-addr",
                address(1),
            ],
            [
                "relay", "--listen-address", "127.0.0.1:\(try freePort())", "--metrics-bind-address", address(2),
                "--upstream", "http://127.0.0.1:1/api/v1/write", "--label", "tenant",
            ],
            [
                "identity", "--listen-address", "127.0.0.1:\(try freePort())", "--metrics-bind-address", address(3),
            ],
        ]
        var running: [ChildProcess] = []
        var texts: [String] = []
        var failure: (any Error)?
        do {
            for (index, call) in calls.enumerated() {
                let process = try ChildProcess(Checkout.tributary, call, logPath: folder.path("log-\(index)"))
                running.append(process)
                if index == 0 {
                    try await waitUntil("the cluster is ready") { process.log.contains("It runs until Ctrl-C.") }
                }
            }
            let curl = try #require(ChildProcess.find("curl"))
            for (name, port) in zip(metrics, ports) {
                try await waitUntil("\(name) serves its metrics") {
                    let text = try await ChildProcess.run(curl, ["-sf", "http://127.0.0.1:\(port)/metrics"]).output
                    // The operator has examples to report about.
                    guard name == "operator" ? text.contains("tributary_globalview_tenants{") : !text.isEmpty else {
                        return false
                    }
                    texts.append(text)
                    return true
                }
            }
        } catch { failure = error }
        for process in running { await process.stop() }
        if let failure { throw failure }
        return texts
    }
}
