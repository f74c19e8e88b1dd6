import Kube
import TestSupport
import Testing

@testable import PrometheusConfig

@Suite("Settings of remote write in versions of Prometheus")
struct RemoteWriteVersionTests {
    static let settings: [(field: String, effect: ConfigProblem.Effect, first: PrometheusVersion, write: RemoteWrite)] =
        {
            func write(_ change: (inout RemoteWrite) -> Void) -> RemoteWrite {
                var write = RemoteWrite(url: "https://a.example.org")
                change(&write)
                return write
            }
            let oauth2: JSON = ["client_id": "a", "client_secret_file": "/s", "token_url": "https://t"]
            func token(_ key: String, _ value: JSON) -> JSON {
                var json = oauth2
                json[key] = value
                return json
            }
            let id = "00000000-0000-0000-0000-000000000000"
            let login: JSON = ["client_id": JSON(id), "tenant_id": JSON(id)]
            return [
                ("protobuf_message", .dropped, .init(2, 54), write { $0.protobufMessage = RemoteWrite.secondMessage }),
                ("send_native_histograms", .dropped, .init(2, 40), write { $0.sendNativeHistograms = true }),
                ("round_robin_dns", .dropped, .init(3, 1), write { $0.roundRobinDNS = true }),
                ("proxy_from_environment", .dropped, .init(2, 43), write { $0.proxyFromEnvironment = true }),
                ("tls_config.max_version", .dropped, .init(2, 41), write { $0.tls = .init(maxVersion: "TLS13") }),
                (
                    "queue_config.sample_age_limit", .dropped, .init(2, 50),
                    write { $0.queue = .init(sampleAgeLimit: "1h") }
                ),
                (
                    "sigv4.external_id", .dropped, .init(3, 11),
                    write { $0.sigv4 = ["role_arn": "r", "external_id": "x"] }
                ),
                (
                    "sigv4.use_fips_sts_endpoint", .dropped, .init(2, 54),
                    write { $0.sigv4 = ["region": "eu", "use_fips_sts_endpoint": true] }
                ),
                ("oauth2.proxy_url", .dropped, .init(2, 43), write { $0.oauth2 = token("proxy_url", "http://p") }),
                (
                    "oauth2.tls_config", .rejected, .init(2, 43),
                    write { $0.oauth2 = token("tls_config", ["ca_file": "/ca"]) }
                ),
                (
                    "proxy_connect_header", .rejected, .init(2, 43),
                    write {
                        $0.proxyURL = "http://p"
                        $0.proxyConnectHeader = ["A": ["b"]]
                    }
                ),
                (
                    "azuread", .rejected, .init(2, 45),
                    write { $0.azureAD = ["managed_identity": ["client_id": JSON(id)]] }
                ),
                ("azuread.sdk", .rejected, .init(2, 52), write { $0.azureAD = ["sdk": ["tenant_id": "t"]] }),
                (
                    "azuread.workload_identity", .rejected, .init(3, 7),
                    write { $0.azureAD = ["workload_identity": login] }
                ),
                (
                    "azuread.scope", .dropped, .init(3, 9),
                    write { $0.azureAD = ["managed_identity": ["client_id": JSON(id)], "scope": "s"] }
                ),
            ]
        }()

    @Test func `A setting that the version does not know is omitted, and with credentials the whole remote write is`() {
        for setting in Self.settings {
            var agent = AgentConfiguration()
            agent.remoteWrite = [setting.write, RemoteWrite(url: "https://other.example.org", name: "other")]
            #expect(agent.generate(for: setting.first).problems == [], "\(setting.field)")
            let before =
                setting.first.minor > 0
                ? PrometheusVersion(setting.first.major, setting.first.minor - 1) : PrometheusVersion(2, 55)
            let old = agent.generate(for: before)
            #expect(old.problems.map { "\($0.field): \($0.effect)" } == ["\(setting.field): \(setting.effect)"])
            #expect(old.json?["remote_write"]?.array?.count == (setting.effect == .rejected ? 1 : 2))
        }
    }

    @Test func `Metadata is sent only on request and not if samples carry it`() {
        func sent(_ metadata: RemoteWrite.Metadata, _ message: String? = nil) -> JSON? {
            var write = RemoteWrite(url: "https://a.example.org")
            write.metadata = metadata
            write.protobufMessage = message
            var problems: [ConfigProblem] = []
            return write.json(for: .init(3, 5), part: "", problems: &problems)["metadata_config", "send"]
        }
        #expect(sent(.init(send: true)) == true && sent(.init(sendInterval: "1m")) == false)
        #expect(sent(.init(send: true), RemoteWrite.secondMessage) == false)
    }

    @Test func `Prometheus accepts the file with every setting`() async throws {
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            var agent = AgentConfiguration()
            // The Prometheus of Debian has no support for Azure.
            let settings = Self.settings.filter { $0.write.azureAD == nil }
            agent.remoteWrite = settings.enumerated().map { index, setting in
                var write = setting.write
                write.name = "\(index)"
                return write
            }
            let yaml = try #require(agent.generate(for: version).yaml)
            let path = try folder.write("prometheus.yaml", yaml)
            let result = try await ChildProcess.run(
                installed.promtool, ["check", "config", "--agent", "--syntax-only", path])
            #expect(result.code == 0, "\(installed): \(result.output)\n\(yaml)")
        }
    }
}
