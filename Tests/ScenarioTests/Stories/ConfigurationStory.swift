import Kube
import TestSupport
import Testing

@Suite("Configurations of the examples", .withPrometheus)
struct ConfigurationStory {
    /// The expected warnings about fields that a version of Prometheus does not support.
    private static func warnings(_ example: String, _ version: String) -> [String] {
        if example == "rules", version.hasPrefix("2.") {
            return [
                "warning: GlobalView observability/main: spec.prometheus.version: v\(version) can store samples of any future "
                    + "time, after which it refuses those of all tenants as too old: a single write is enough; use v3.0.0 or "
                    + "later"
            ]
        }
        guard example == "federation", version.hasPrefix("2.42.") else { return [] }
        return [
            "warning: GlobalView observability/main: spec.prometheus: scrape config \"federate/legacy-dc\": "
                + "basic_auth.username_file: needs Prometheus v2.49.0, this is v\(version)"
        ]
    }

    @Test(arguments: try Example.all, await InstalledPrograms.prometheuses)
    func `Promtool accepts the rendered configuration of every example`(
        _ name: String, _ installed: InstalledPrometheus
    ) async throws {
        try await Story.tell { story in
            var example = try Example(name)
            example.use(installed)
            if try await !installed.discoversInKubernetes { example.leaveOutKubernetesDiscovery() }
            let rendered = try example.render(expecting: Self.warnings(name, installed.version))
            for set in rendered.made where set.kind == "StatefulSet" {
                let pod = try Pod("StatefulSet", set.name, of: rendered)
                guard pod.image.contains("/prometheus:") else { continue }
                // As rendered, except for the paths of the credential files.
                try pod.fillVolumes(in: story.directory, try LoopbackNetwork(rendered))
                let file = "\(pod.folder("config", in: story.directory))/prometheus.yaml"
                let isAgent = set.labels["app.kubernetes.io/component"] == "agent"
                let result = try await ChildProcess.run(
                    installed.promtool, ["check", "config"] + (isAgent ? ["--agent"] : []) + [file])
                let text = try TemporaryDirectory.read(file)
                #expect(result.code == 0, "\(set): \(result.output)\n\(text)")
            }
        }
    }
}
