import Hashring
import Kube
import KubeClient
import Planning
import PlanningInput
import PrometheusConfig
import TributaryAPI
import YAML

#if canImport(Glibc)
import Glibc
#endif

extension FuzzTarget {
    /// Readers of files and objects.
    static let files: [FuzzTarget] = [
        FuzzTarget("kubeconfig") { bytes in
            let path = "/tmp/tributary-fuzz-\(getpid())"
            guard let file = fopen(path, "w") else { return }
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
            defer { unlink(path) }
            _ = try? ClusterConfiguration.load(kubeconfig: path, environment: [:])
        },
        FuzzTarget("hashrings") { bytes in
            guard let file = try? HashringFile(parsing: bytes) else { return }
            let findings = file.validate(replicationFactor: 3)
            guard !findings.contains(where: { $0.severity == .error }), file.rings.count < 20 else { return }
            guard file.rings.allSatisfy({ $0.endpoints.count < 20 }) else { return }
            var router = HashringRouter(file, replicationFactor: 3)
            for tenant in ["a", "team-b", ""] { _ = try? router.route(tenant: tenant) }
        },
        FuzzTarget("limits") { bytes in _ = try? LimitsFile.read(bytes) },
        FuzzTarget("prometheus") { bytes in
            guard let documents = try? YAML.parse(bytes) else { return }
            for document in documents {
                for version in versions { _ = ConfigurationFileChecks(version: version).problems(document.value) }
            }
        },
        FuzzTarget("rules") { bytes in
            guard let documents = try? YAML.parse(bytes) else { return }
            for document in documents {
                for version in versions { _ = try? RuleGroup.read(Object(document.value), for: version) }
            }
        },
        FuzzTarget("objects") { bytes in
            // Larger ones take long and find nothing else.
            guard bytes.count < 32 << 10, let documents = try? YAML.parse(bytes) else { return }
            var snapshot = Snapshot(now: Timestamp(seconds: 1_796_000_000))
            for document in documents.prefix(20) {
                let object = Object(document.value)
                if let kind = TributaryAPI.kind(of: object) { _ = kind.schema.validate(object.json) }
                _ = try? snapshot.take(object)
            }
            let planner = Planner(snapshot)
            for key in snapshot.planKeys { _ = planner.plan(for: key) }
        },
    ]
}
