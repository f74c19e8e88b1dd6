import Kube
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#endif

@Suite struct `tributary reload` {
    /// Mounts files as the kubelet does: in a new folder, to which a symbolic link is switched.
    private func mount(_ files: [String: String], in folder: TemporaryDirectory, version: Int) throws {
        for (name, text) in files {
            try folder.write("config/..\(version)/\(name)", text)
            symlink("..data/\(name)", folder.path("config/\(name)"))
        }
        symlink("..\(version)", folder.path("config/..data.new"))
        rename(folder.path("config/..data.new"), folder.path("config/..data"))
    }

    private func configuration(_ label: String) -> String {
        """
        global: {external_labels: {node: $(NODE_NAME), version: \(label)}}
        remote_write: [{url: "http://127.0.0.1:1/"}]

        """
    }

    @Test(
        .enabled("where Prometheus is installed") { await !InstalledPrometheus.all().isEmpty }, .timeLimit(.minutes(5)))
    func `A Prometheus follows its mounted configuration without a restart`() async throws {
        for installed in await InstalledPrometheus.all() {
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            mkdir(folder.path("out"), 0o700)
            try mount(["prometheus.yaml": configuration("first")], in: folder, version: 1)
            let arguments = [
                "reload", "--config-dir", folder.path("config"), "--output-dir", folder.path("out"), "--expand",
                "NODE_NAME",
            ]
            let environment = ["NODE_NAME": "node-7"]
            let once = try await Tool.run(arguments + ["--once"], environment: environment)
            #expect(once.code == 0)

            let port = try freePort()
            let agent = installed.version.hasPrefix("2.") ? "--enable-feature=agent" : "--agent"
            let prometheus = try ChildProcess(
                installed.prometheus,
                [
                    "--config.file=\(folder.path("out"))/prometheus.yaml", agent,
                    "--storage.agent.path=\(folder.path("wal"))", "--web.listen-address=127.0.0.1:\(port)",
                ], logPath: folder.path("prometheus.log"))
            let reload = try ChildProcess(
                Checkout.tributary, arguments, environment: environment, logPath: folder.path("reload.log"))
            do {
                let url = "http://127.0.0.1:\(port)"
                try await waitUntil("\(installed) serves its first configuration") {
                    let text = try? await curl(["\(url)/api/v1/status/config"]).body
                    return text?.contains("node: node-7") == true && text?.contains("version: first") == true
                }
                try mount(["prometheus.yaml": configuration("second")], in: folder, version: 2)
                try await waitUntil("\(installed) serves its second configuration: \(reload.log)") {
                    try await curl(["\(url)/api/v1/status/config"]).body.contains("version: second")
                }
                #expect(prometheus.isRunning)
                #expect(reload.log.contains("prometheusReloads=true"))
            } catch {
                Issue.record("\(error)\n\(reload.log)\n\(prometheus.log)")
            }
            await reload.stop()
            #expect(reload.exitStatus == 0, "it exits at once with code 0 on SIGTERM")
            await prometheus.stop()
        }
    }

    @Test(arguments: [
        (["--config-dir", "/nowhere", "--output-dir", "/nowhere", "--once"], "cannot open /nowhere: No such file"),
        (
            ["--config-dir", "/tmp", "--output-dir", "/tmp", "--expand", "NOT_SET_HERE"],
            "the environment variable NOT_SET_HERE is not set"
        ),
    ])
    func `The command reload reports why it cannot start`(arguments: [String], expected: String) async throws {
        let outcome = try await Tool.run(["reload"] + arguments)
        #expect(outcome.code == 1)
        #expect(outcome.errors.hasPrefix("error: \(expected)"))
    }
}
