#if canImport(Glibc)
import Glibc
#endif

/// Waits for changes in folders, using Linux's inotify.
///
/// The kubelet replaces all files of a mounted Secret at once by renaming a link named `..data`, which is one event.
final class FolderWatch {
    private let descriptor: Int32

    /// Watches folders, which must exist.
    init(_ paths: [String]) throws(ConfigFolder.FileError) {
        descriptor = inotify_init1(Int32(bitPattern: UInt32(0o2000000 | 0o4000)))  // IN_CLOEXEC | IN_NONBLOCK
        guard descriptor >= 0 else { throw Self.failure("cannot watch files") }
        let events = UInt32(IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE)
        for path in paths where inotify_add_watch(descriptor, path, events) < 0 {
            let failure = Self.failure("cannot watch \(path)")
            close(descriptor)
            throw failure
        }
    }

    deinit { close(descriptor) }

    /// Waits until something changes, or until the limit; nil waits without a limit.
    func wait(for limit: Duration?) {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let milliseconds = limit.map { Int32(clamping: $0.components.seconds * 1000) } ?? -1
        _ = Glibc.poll(&poll, 1, milliseconds)
        // The events do not matter: all files are read again.
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while Glibc.read(descriptor, &buffer, buffer.count) > 0 {}
    }

    private static func failure(_ what: String) -> ConfigFolder.FileError {
        ConfigFolder.FileError(description: "\(what): \(String(cString: strerror(errno)))")
    }
}
