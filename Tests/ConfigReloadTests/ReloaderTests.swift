@testable import ConfigReload
import Logging
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#endif

@Suite("Configuration reloader") struct ReloaderTests {
    /// A folder mounted by the kubelet, and the folder that Prometheus reads.
    private struct Mount {
        let folder: TemporaryDirectory
        var reloader: ConfigReloader

        init(watched: [String] = []) throws {
            let folder = try TemporaryDirectory()
            for name in ["config", "out", "certs"] { mkdir(folder.path(name), 0o700) }
            self.folder = folder
            reloader = ConfigReloader(
                source: ConfigFolder(path: folder.path("config")), output: ConfigFolder(path: folder.path("out")),
                configFile: "prometheus.yaml", expansion: try Expansion(["NODE"]) { _ in "n1" },
                watched: watched.map { ConfigFolder(path: folder.path($0)) }, logger: Logger(label: "test"))
        }

        var output: [String: String] {
            get throws {
                try ConfigFolder(path: folder.path("out")).read().mapValues { String(decoding: $0, as: UTF8.self) }
            }
        }
    }

    @Test func `The reloader writes changed files with their variables expanded`() throws {
        var mount = try Mount()
        defer { mount.folder.remove() }
        try mount.folder.write("config/prometheus.yaml", "node: $(NODE)")
        try mount.folder.write("config/jobs.yaml", "[]")
        #expect(try mount.reloader.synchronize())
        #expect(try mount.output == ["prometheus.yaml": "node: n1", "jobs.yaml": "[]"])
        #expect(try !mount.reloader.synchronize())
        try mount.folder.write("config/jobs.yaml", "[{}]")
        #expect(try mount.reloader.synchronize())
        #expect(try mount.output["jobs.yaml"] == "[{}]")
    }

    @Test func `The reloader removes files that are gone and ignores its own temporary files`() throws {
        var mount = try Mount()
        defer { mount.folder.remove() }
        try mount.folder.write("config/prometheus.yaml", "a")
        try mount.folder.write("out/old.yaml", "b")
        try mount.folder.write("out/.prometheus.yaml.new", "half")
        #expect(try mount.reloader.synchronize())
        #expect(try mount.output == ["prometheus.yaml": "a"])
    }

    @Test func `A change that could be written only in part is not forgotten`() throws {
        var mount = try Mount(watched: ["certs"])
        defer { mount.folder.remove() }
        try mount.folder.write("config/prometheus.yaml", "a")
        #expect(try mount.reloader.synchronize())
        rmdir(mount.folder.path("certs"))
        try mount.folder.write("config/prometheus.yaml", "b")
        #expect(throws: ConfigFolder.FileError.self) { try mount.reloader.synchronize() }
        mkdir(mount.folder.path("certs"), 0o700)
        #expect(try mount.reloader.synchronize())
        #expect(try !mount.reloader.synchronize())
    }

    @Test func `The reloader changes nothing while the mounted folder is empty`() throws {
        var mount = try Mount()
        defer { mount.folder.remove() }
        try mount.folder.write("out/prometheus.yaml", "last good")
        #expect(throws: ConfigFolder.FileError.self) { try mount.reloader.synchronize() }
        #expect(try mount.output == ["prometheus.yaml": "last good"])
    }

    @Test func `A change in a watched folder triggers a reload`() throws {
        var mount = try Mount(watched: ["certs"])
        defer { mount.folder.remove() }
        try mount.folder.write("config/prometheus.yaml", "a")
        try mount.folder.write("certs/ca.crt", "1")
        #expect(try mount.reloader.synchronize())
        #expect(try !mount.reloader.synchronize())
        try mount.folder.write("certs/ca.crt", "2")
        #expect(try mount.reloader.synchronize())
    }

    @Test func `A missing folder is reported with its path`() throws {
        let error = #expect(throws: ConfigFolder.FileError.self) { try ConfigFolder(path: "/nowhere").read() }
        #expect(error?.description == "cannot open /nowhere: No such file or directory")
    }
}
