import Testing

@testable import PrometheusConfig

@Suite("The arguments of an agent")
struct AgentArgumentsTests {
    @Test func `Each version gets the flags of the agent mode`() {
        let arguments = AgentArguments()
        #expect(
            arguments.list(for: .init(3, 5), AgentConfigurationTests.full) == [
                "--config.file=/etc/prometheus/prometheus.yaml", "--agent", "--storage.agent.path=/prometheus",
                "--web.enable-lifecycle",
            ])
        #expect(
            arguments.list(for: .init(2, 53), AgentConfigurationTests.full)[1]
                == "--enable-feature=agent,expand-external-labels")
        #expect(arguments.list(for: .init(2, 53), AgentConfiguration())[1] == "--enable-feature=agent")
        var all = arguments
        all.features = ["auto-gomemlimit", "agent"]
        all.reloadsAutomatically = true
        all.compressesWAL = false
        all.additional = ["--x"]
        #expect(
            all.list(for: .init(3, 5), AgentConfigurationTests.full).dropFirst(2) == [
                "--enable-feature=auto-gomemlimit,auto-reload-config", "--storage.agent.path=/prometheus",
                "--no-storage.agent.wal-compression", "--config.auto-reload-interval=3s", "--web.enable-lifecycle",
                "--x",
            ])
    }
}
