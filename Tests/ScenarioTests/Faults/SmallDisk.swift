#if canImport(Glibc)
import Glibc
#endif
import TestSupport

/// A file system in memory with room for 64 KiB, for what happens on a full disk.
struct SmallDisk {
    private let directory: TemporaryDirectory
    /// Where it is mounted.
    let path: String

    /// Whether one can be mounted: as root, on Linux.
    static func isPossible() async -> Bool {
        guard let disk = try? await SmallDisk() else { return false }
        await disk.remove()
        return true
    }

    init() async throws {
        directory = try TemporaryDirectory()
        path = directory.root
        let mount = ChildProcess.find("mount", in: ["/bin"]) ?? "mount"
        let made = try await ChildProcess.run(mount, ["-t", "tmpfs", "-o", "size=64k", "tributary-test", path])
        guard made.code == 0 else {
            directory.remove()
            throw WaitingError(description: "cannot mount a small disk: \(made.output)")
        }
    }

    /// Takes all the room that is left.
    func fill() throws {
        let file = open(directory.path("filler"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        let page = [UInt8](repeating: 0, count: 4096)
        while write(file, page, page.count) > 0 {}
        guard errno == ENOSPC else { throw WaitingError(description: "cannot fill the small disk") }
    }

    func remove() async {
        _ = try? await ChildProcess.run(ChildProcess.find("umount", in: ["/bin"]) ?? "umount", [path])
        directory.remove()
    }
}
