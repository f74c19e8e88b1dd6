import Explanations
import Kube
import KubeClient
import Logging
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// The objects of a cluster that explain others, each kind listed once.
enum ClusterObjects {
    /// The kinds that may be absent from a cluster or out of one's reach, without which there still is something to say.
    private static let needed: [Resource] = TributaryAPI.kinds.map { $0.resource }
    private static let others: [Resource] = [.namespaces, .services, .pods, .ingresses, .statefulSets]

    /// Does something with a client of the cluster that the options or the environment name.
    static func withClient<Result>(
        kubeconfig: String?, context: String?, _ body: (KubeClient, ClusterConfiguration) async throws -> Result
    ) async throws -> Result {
        let configuration = try ClusterConfiguration.load(kubeconfig: kubeconfig, context: context)
        let logger = Logger(label: "tributary") { _ in SwiftLogNoOpLogHandler() }
        let client = KubeClient(
            configuration, options: .init(userAgent: "tributary/\(Release.version)"), logger: logger)
        do {
            let result = try await body(client, configuration)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// Lists the objects. Kinds that the cluster does not serve or does not let us list are left out, with a line for
    /// each.
    static func list(_ client: KubeClient, group: MonitorGroup) async throws -> (objects: [Object], unread: [String]) {
        var objects: [Object] = []
        var unread: [String] = []
        for resource in needed {
            Progress.shared.step("reading \(resource)")
            objects += try await client.listAll(resource).items
        }
        for resource in MonitorKind.allCases.map({ group.resource(of: $0) }) + others {
            Progress.shared.step("reading \(resource)")
            do {
                objects += try await client.listAll(resource).items.compactMap { group.standardized($0) }
            } catch let status as APIStatus where status.isNotFound || status.isForbidden {
                unread.append("warning: \(resource): \(status): left out")
            }
        }
        return (objects, unread)
    }

    /// The ConfigMaps with hashring files, and those that they were generated from. What is not there, or not allowed, is left
    /// out.
    static func hashringFiles(_ client: KubeClient, _ snapshot: Snapshot) async throws -> [Object] {
        Progress.shared.step("reading hashring files")
        let files = try await configMaps(client, ReceiverObjects.configMaps(in: snapshot))
        let bases = Set(files.compactMap(ReceiverObjects.base)).subtracting(files.map(\.key))
        return files + (try await configMaps(client, bases))
    }

    private static func configMaps(_ client: KubeClient, _ keys: Set<ObjectKey>) async throws -> [Object] {
        var found: [Object] = []
        for key in keys.sorted() {
            do {
                found.append(try await client.get(.configMaps, key))
            } catch let status as APIStatus where status.isNotFound {
                continue
            } catch let status as APIStatus where status.isForbidden {
                Output.error(Output.printable("warning: ConfigMap \(key): \(status): left out"))
            }
        }
        return found
    }
}
