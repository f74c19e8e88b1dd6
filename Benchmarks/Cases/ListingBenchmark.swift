import Kube
import KubeClient
import KubeRuntime
import TestSupport

/// Reads thousands of ConfigMaps in pages and by a watch.
enum ListingBenchmark {
    static func run(on server: Server, objects count: Int, _ report: Report) async throws {
        Progress.say("\(server.side.name): \(count) ConfigMaps are created")
        let namespace = "listing"
        try await server.apply(Object(.namespaces, name: namespace))
        try await server.forEach(0..<count) { number in
            let object = Object(
                .configMaps, namespace: namespace, name: "object-\(number)", labels: ["app": "benchmark"],
                ["data": ["text": JSON(String(repeating: "x", count: 200))]])
            try await server.client.create(.configMaps, object)
        }
        let began = ContinuousClock.now
        let list = try await server.client.listAll(.configMaps, namespace: namespace)
        set("listing \(list.items.count) objects by pages of 500", count, ContinuousClock.now - began, server, report)

        for streams in [false, true] {
            let store = Store<Int>()
            let scope = WatchScope(.configMaps, namespace: namespace, streamsLists: streams)
            let start = ContinuousClock.now
            let watching = Task {
                await Watcher(scope, into: store, client: server.client, logger: Server.logger) {
                    $0.json["data", "text"]?.string?.utf8.count
                }.run()
            }
            try await store.synced()
            let name = streams ? "a streaming list" : "a list and a watch"
            set(
                "filling a store with \(store.count) objects, \(name)", count, ContinuousClock.now - start, server,
                report)
            watching.cancel()
        }
    }

    private static func set(_ name: String, _ count: Int, _ time: Duration, _ server: Server, _ report: Report) {
        let perSecond = (Double(count) / time.seconds).rounded()
        report.set(name, server.side, "\(time.text), \(Int(perSecond))/s")
    }
}
