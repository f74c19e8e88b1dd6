import Kube
import TestSupport
import Testing

@Suite("Every example's configuration", .withPrometheus)
struct ConfigurationStory {
    @Test(arguments: try Example.all, await Programs.prometheuses)
    func `is accepted by promtool`(_ name: String, _ installed: InstalledPrometheus) async throws {
        try await Story.tell { story in
            var example = try Example(name)
            example.use(installed)
            if try await !installed.discoversInKubernetes { example.leaveOutKubernetesDiscovery() }
            // Before 2.46 Prometheus takes no user name from a file: what has one is left out, and told.
            let isOld = installed.version.hasPrefix("2.42.")
            let told: Set = ["FieldNotSupported", "SpokeRejected", "InvalidSpec"]
            let rendered = try example.render(expecting: isOld ? told : [])
            for set in rendered.made where set.kind == "StatefulSet" {
                let pod = try Pod("StatefulSet", set.name, of: rendered)
                guard pod.image.contains("/prometheus:") else { continue }
                // As rendered, but for where the files with credentials lie.
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
