import ConfigReload
import Logging
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#endif

@Suite struct `The reloader` {
    /// A folder mounted as kubelet mounts a Secret, and the folder that Prometheus reads.
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

    @Test func `copies each file with its variables expanded, and only what changed`() throws {
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

    @Test func `removes what is gone, and its own half-written files are none`() throws {
        var mount = try Mount()
        defer { mount.folder.remove() }
        try mount.folder.write("config/prometheus.yaml", "a")
        try mount.folder.write("out/old.yaml", "b")
        try mount.folder.write("out/.prometheus.yaml.new", "half")
        #expect(try mount.reloader.synchronize())
        #expect(try mount.output == ["prometheus.yaml": "a"])
    }

    @Test func `leaves everything as it is while nothing is mounted`() throws {
        var mount = try Mount()
        defer { mount.folder.remove() }
        try mount.folder.write("out/prometheus.yaml", "last good")
        #expect(throws: ConfigFolder.FileError.self) { try mount.reloader.synchronize() }
        #expect(try mount.output == ["prometheus.yaml": "last good"])
    }

    @Test func `finds a change in a watched folder worth a reload`() throws {
        var mount = try Mount(watched: ["certs"])
        defer { mount.folder.remove() }
        try mount.folder.write("config/prometheus.yaml", "a")
        try mount.folder.write("certs/ca.crt", "1")
        #expect(try mount.reloader.synchronize())
        #expect(try !mount.reloader.synchronize())
        try mount.folder.write("certs/ca.crt", "2")
        #expect(try mount.reloader.synchronize())
    }

    @Test func `says which folder is missing`() throws {
        let error = #expect(throws: ConfigFolder.FileError.self) { try ConfigFolder(path: "/nowhere").read() }
        #expect(error?.description == "cannot open /nowhere: No such file or directory")
    }
}
