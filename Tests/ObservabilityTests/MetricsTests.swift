import Testing

@testable import Observability

@Suite("Metrics") struct MetricsTests {
    let registry = MetricsRegistry()

    @Test func `Metrics are exposed in the text format, sorted by name and label values`() {
        let requests = registry.counter(
            "requests_total", help: "Requests.\nBy code \\ path.", labels: ["code", "path"])
        requests.increment("500", "/b")
        requests.increment("200", "/b", by: 2)
        requests.with("200", "/a")
        registry.gauge("depth", help: "Depth.").with().set(-1.5)
        #expect(
            registry.text() == #"""
                # HELP depth Depth.
                # TYPE depth gauge
                depth -1.5
                # HELP requests_total Requests.\nBy code \\ path.
                # TYPE requests_total counter
                requests_total{code="200",path="/a"} 0
                requests_total{code="200",path="/b"} 2
                requests_total{code="500",path="/b"} 1

                """#)
    }

    @Test func `Label values are escaped so that they cannot break out of their quotes`() {
        registry.gauge("g", help: "", labels: ["l"]).set("a\"} 1\nevil 2 \\", to: 1)
        #expect(registry.text().contains(#"g{l="a\"} 1\nevil 2 \\"} 1"# + "\n"))
    }

    @Test func `A histogram counts cumulatively and ends with +Inf`() {
        let histogram = registry.histogram("t_seconds", help: "T.", labels: ["c"], buckets: [1e-08, 0.5, 10])
        for value in [0.5, 0.1, 11] { histogram.observe("x", value: value) }
        histogram.with("x").observe(.milliseconds(1500))
        #expect(
            registry.text() == """
                # HELP t_seconds T.
                # TYPE t_seconds histogram
                t_seconds_bucket{c="x",le="1e-08"} 0
                t_seconds_bucket{c="x",le="0.5"} 2
                t_seconds_bucket{c="x",le="10"} 3
                t_seconds_bucket{c="x",le="+Inf"} 4
                t_seconds_sum{c="x"} 13.1
                t_seconds_count{c="x"} 4

                """)
    }

    @Test func `A summary exposes the number and the sum of observations`() {
        let summary = registry.summary("t_seconds", help: "T.", labels: ["c"])
        summary.with("x").observe(0.5)
        summary.with("x").observe(.milliseconds(1500))
        #expect(summary.with("x").count == 2 && summary.with("x").sum == 2)
        #expect(
            registry.text().hasSuffix(
                "# TYPE t_seconds summary\nt_seconds_sum{c=\"x\"} 2\nt_seconds_count{c=\"x\"} 2\n"))
    }

    @Test(arguments: [
        (1.0, "1"), (0.25, "0.25"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e300, "1e+300"),
    ])
    func `Numbers are written in the syntax of Prometheus`(value: Double, text: String) {
        #expect(Exposition.number(value) == text)
    }

    @Test func `Counters never decrease`() {
        let counter = registry.counter("c_total", help: "").with()
        counter.increment(by: 3)
        counter.increment(by: -1)
        counter.increment(by: .nan)
        #expect(counter.value == 3)
    }

    @Test func `Two parts of the program share a metric of the same name`() {
        registry.counter("c_total", help: "", labels: ["a"]).increment("x")
        registry.counter("c_total", help: "", labels: ["a"]).increment("x")
        #expect(registry.counter("c_total", help: "", labels: ["a"]).value("x") == 2)
    }

    @Test func `The series of deleted objects can be removed`() {
        let gauge = registry.gauge("tenants", help: "", labels: ["tenant"])
        gauge.set("a", to: 1)
        gauge.set("b", to: 1)
        gauge.remove { $0 == ["a"] }
        #expect(!registry.text().contains("\"a\""))
        #expect(registry.text().contains("\"b\""))
    }

    @Test func `Gauges can be computed at each scrape`() {
        let gauge = registry.gauge("age_seconds", help: "").with()
        registry.beforeScrape { gauge.add(1) }
        _ = registry.text()
        #expect(registry.text().contains("age_seconds 2\n"))
    }

    @Test func `Concurrent increments are all counted`() async {
        let counter = registry.counter("c_total", help: "", labels: ["n"])
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { for _ in 0..<1000 { counter.increment(String(task % 2)) } }
            }
        }
        #expect(counter.value("0") == 4000 && counter.value("1") == 4000)
    }

    @Test func `Process metrics expose memory, CPU time, file descriptors and start time`() throws {
        registry.addProcessMetrics()
        var numbers: [String: Double] = [:]
        for line in registry.text().split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            numbers[String(parts[0])] = Double(parts[1])
        }
        let resident = try #require(numbers["process_resident_memory_bytes"])
        #expect(resident > 1_000_000 && resident < numbers["process_virtual_memory_bytes"] ?? 0)
        #expect(try #require(numbers["process_cpu_seconds_total"]) > 0)
        #expect((3...100_000).contains(try #require(numbers["process_open_fds"])))
        #expect(try #require(numbers["process_max_fds"]) > 3)
        let now = Double(LogTime.now.tv_sec)
        #expect((now - 86400...now + 1).contains(try #require(numbers["process_start_time_seconds"])))
    }

    @Test func `Every series of a controller is exposed before anything happens`() {
        let controller = ControllerMetrics(registry, controller: "tenant")
        let queue = WorkQueueMetrics(registry, name: "tenant")
        LeaderElectionMetrics(registry, lease: "tributary").set(isLeader: true)
        let idle = registry.text()
        for line in [
            #"controller_runtime_reconcile_total{controller="tenant",result="requeue_after"} 0"#,
            #"controller_runtime_reconcile_errors_total{controller="tenant"} 0"#,
            #"controller_runtime_reconcile_time_seconds_bucket{controller="tenant",le="60"} 0"#,
            #"workqueue_depth{name="tenant",controller="tenant",priority="0"} 0"#,
            #"workqueue_queue_duration_seconds_bucket{name="tenant",controller="tenant",le="1e-08"} 0"#,
            #"leader_election_master_status{name="tributary"} 1"#,
        ] {
            #expect(idle.contains(line + "\n"))
        }
        controller.finished(.error, after: .seconds(2))
        queue.depth(priority: -100).add(1)
        #expect(controller.count(.error) == 1 && controller.errors.value == 1)
        #expect(registry.text().contains(#"workqueue_depth{name="tenant",controller="tenant",priority="-100"} 1"#))
    }

    @Test func `Requests are counted by code, method and host, including those without a response`() {
        let client = ClientMetrics(registry)
        client.request(method: "GET", host: "api:6443", code: 200)
        client.request(method: "GET", host: "api:6443", code: nil)
        #expect(registry.text().contains(#"rest_client_requests_total{code="<error>",method="GET",host="api:6443"} 1"#))
        #expect(client.count(method: "GET", host: "api:6443", code: 200) == 1)
    }
}
