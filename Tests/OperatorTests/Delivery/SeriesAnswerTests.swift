import Kube
import KubeClient
import Logging
import Planning
import TestSupport
import Testing

@testable import Operator

/// What a query API answers about the series of tenants.
@Suite("Answers about the series of tenants")
struct SeriesAnswerTests {
    private static let question = SeriesQuestion(url: "http://query:9090", label: "tenant")

    private static func read(_ status: Int, _ body: String) -> Result<SeriesAnswer, SeriesAnswer.Problem> {
        do throws(SeriesAnswer.Problem) {
            return .success(try SeriesAnswer(status: status, Array(body.utf8), to: question))
        } catch {
            return .failure(error)
        }
    }

    @Test(arguments: [
        (200, "", "the answer is not that of a Prometheus"),
        (200, "<html>", "the answer is not that of a Prometheus"),
        (
            200, #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#,
            "the answer is not that of a Prometheus"
        ),
        (401, "secret", "it answers with HTTP status 401"),
        (
            422, #"{"status":"error","errorType":"execution","error":"token hunter2"}"#,
            "it answers with HTTP status 422 (execution)"
        ),
        (503, #"{"status":"error","errorType":"a b; c"}"#, "it answers with HTTP status 503"),
    ])
    func `An answer that cannot be used says why, and nothing of its text`(status: Int, body: String, words: String) {
        #expect(Self.read(status, body) == .failure(SeriesAnswer.Problem(description: words)))
    }

    @Test func `Samples that are malformed are left out alone`() throws {
        let samples = [
            #"{"metric":{"tenant":"a","tributary_figure":"series"},"value":[1,"12"]}"#,
            #"{"metric":{"tenant":"a","tributary_figure":"last"},"value":[1,"-5"]}"#,
            #"{"metric":{"tenant":"","tributary_figure":"series"},"value":[1,"12"]}"#,
            #"{"metric":{"tributary_figure":"series"},"value":[1,"12"]}"#,
            #"{"metric":{"tenant":"b","tributary_figure":"other"},"value":[1,"12"]}"#,
            #"{"metric":{"tenant":"c","tributary_figure":"series"},"value":[1,"NaN"]}"#,
            #"{"metric":{"tenant":"d","tributary_figure":"series"},"value":"12"}"#, "7", "null",
        ]
        let body = #"{"status":"success","data":{"resultType":"vector","result":[\#(samples.joined(separator: ","))]}}"#
        let answer = try Self.read(200, body).get()
        #expect(answer.tenants == ["a": SeriesAnswer.Figures(series: 12, last: 0)])
        #expect(!answer.isPartial)
    }

    /// A Prometheus that scrapes itself as two targets of tenant `a` and one of `b`.
    @Test(arguments: await InstalledPrometheus.all())
    func `A real Prometheus counts the series of each tenant and says when the newest sample came`(
        _ installed: InstalledPrometheus
    ) async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let port = try freePort()
        let configuration = """
            global: {scrape_interval: 1s}
            scrape_configs:
            - job_name: one
              static_configs:
              - {targets: ["127.0.0.1:\(port)"], labels: {tenant: a}}
              - {targets: ["localhost:\(port)"], labels: {tenant: a}}
            - job_name: two
              static_configs: [{targets: ["127.0.0.1:\(port)"], labels: {tenant: b}}]
            - job_name: none
              static_configs: [{targets: ["127.0.0.1:\(port)"]}]
            """
        let server = try ChildProcess(
            installed.prometheus,
            [
                "--config.file", try folder.write("prometheus.yml", configuration), "--storage.tsdb.path",
                folder.path("data"), "--web.listen-address", "127.0.0.1:\(port)",
            ], logPath: folder.path("log"))
        let client = KubeClient(
            try ClusterConfiguration(server: "http://127.0.0.1:1"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let question = SeriesQuestion(url: "http://127.0.0.1:\(port)/", label: "tenant")
        var answer: SeriesAnswer?
        do {
            try await waitUntil("both tenants send") {
                answer = try? await SeriesAnswer.read(question, with: client)
                guard let tenants = answer?.tenants, let a = tenants["a"], let b = tenants["b"] else { return false }
                // Targets are not all scraped at once.
                return tenants.count == 2 && b.series > 100 && a.series > 1.5 * b.series
            }
        } catch {
            await server.stop()
            await client.shutdown()
            throw error
        }
        await server.stop()
        await client.shutdown()
        let found = try #require(answer)
        let (a, b) = (try #require(found.tenants["a"]), try #require(found.tenants["b"]))
        #expect(a.series > b.series && b.series > 100, "\(found)")
        #expect(abs(a.last - Double(Timestamp.now.seconds)) < 120)
        #expect(!found.isPartial)
    }

    private static let thanos = ChildProcess.find("thanos")

    /// A Prometheus that writes as tenants `a` and `b` to a receiver, and a Thanos Query before it.
    @Test(
        .enabled(if: thanos != nil, "thanos is not found"),
        arguments: await InstalledPrometheus.all().filter(\.sendsHeaders).suffix(1))
    func `A real Thanos says which tenants send, and that a part is missing when a receiver is gone`(
        _ installed: InstalledPrometheus
    ) async throws {
        let thanos = try #require(Self.thanos)
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let ports = try (0..<7).map { _ in try freePort() }
        func address(_ index: Int) -> String { "127.0.0.1:\(ports[index])" }
        let writes = ["a", "b"].map { tenant in
            "- {url: \"http://\(address(3))/api/v1/receive\", headers: {THANOS-TENANT: \(tenant)}}"
        }
        let configuration = """
            global: {scrape_interval: 1s}
            scrape_configs: [{job_name: self, static_configs: [{targets: ["\(address(0))"]}]}]
            remote_write:
            \(writes.joined(separator: "\n"))
            """
        var running: [ChildProcess] = []
        let client = KubeClient(
            try ClusterConfiguration(server: "http://127.0.0.1:1"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let question = SeriesQuestion(url: "http://\(address(4))", label: "tenant_id")
        do {
            running.append(
                try ChildProcess(
                    thanos,
                    [
                        "receive", "--tsdb.path", folder.path("receive"), "--label", "receive=\"0\"", "--grpc-address",
                        address(1), "--http-address", address(2), "--remote-write.address", address(3),
                    ], logPath: folder.path("receive.log")))
            running.append(
                try ChildProcess(
                    installed.prometheus,
                    [
                        "--config.file", try folder.write("prometheus.yml", configuration), "--storage.tsdb.path",
                        folder.path("data"), "--web.listen-address", address(0),
                    ], logPath: folder.path("prometheus.log")))
            running.append(
                try ChildProcess(
                    thanos,
                    [
                        "query", "--endpoint", address(1), "--http-address", address(4), "--grpc-address", address(5),
                    ], logPath: folder.path("query.log")))
            let answer = try await waitFor("both tenants send", within: .seconds(120)) { () -> SeriesAnswer? in
                let answer = try? await SeriesAnswer.read(question, with: client)
                return answer?.tenants.count == 2 ? answer : nil
            }
            #expect(!answer.isPartial)
            #expect(answer.tenants.values.allSatisfy { $0.series > 100 && $0.last > 1.7e9 }, "\(answer)")
            await running.removeFirst().stop()
            try await waitUntil("a part is missing", within: .seconds(120)) {
                let answer = try? await SeriesAnswer.read(question, with: client)
                return answer?.tenants.isEmpty == true && answer?.isPartial == true
            }
        } catch {
            for child in running { await child.stop() }
            await client.shutdown()
            throw error
        }
        for child in running { await child.stop() }
        await client.shutdown()
    }
}
