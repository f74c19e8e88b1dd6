import TestSupport
import Testing

extension InstalledPrograms {
    /// The versions that can discover targets in Kubernetes. Debian 12 builds its version without this.
    static var discovering: [InstalledPrometheus] {
        get async { await foundDiscovering.value }
    }

    private static let foundDiscovering = Task {
        var found: [InstalledPrometheus] = []
        for installed in await prometheuses where (try? await installed.discoversInKubernetes) == true {
            found.append(installed)
        }
        return found
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a story if no installed Prometheus can discover targets in Kubernetes.
    static var withDiscovery: Self {
        .enabled("a Prometheus with Kubernetes discovery is not found: run make tools") {
            await !InstalledPrograms.discovering.isEmpty
        }
    }
}
