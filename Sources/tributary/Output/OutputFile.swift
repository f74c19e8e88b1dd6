#if canImport(Glibc)
import Glibc
#endif

/// Files that commands write.
enum OutputFile {
    /// Writes a text to a file. A file that is there stays as it is until the new one is complete, also on a full disk.
    static func write(_ text: String, to path: String) throws(CommandFailure) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        guard !isThere || status.st_mode & S_IFMT == S_IFREG else {
            // A pipe or a device cannot be replaced.
            return try write(text, O_WRONLY | O_CLOEXEC, 0, at: path, for: path)
        }
        let target = isThere ? resolved(path) : path
        let temporary = "\(target).\(getpid()).new"
        let mode = isThere ? status.st_mode & 0o777 : 0o666
        do throws(CommandFailure) {
            try write(text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode, at: temporary, for: path)
            guard rename(temporary, target) == 0 else { throw failure(path) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func write(
        _ text: String, _ flags: Int32, _ mode: mode_t, at place: String, for path: String
    ) throws(CommandFailure) {
        let descriptor = open(place, flags, mode)
        guard descriptor >= 0 else { throw failure(path) }
        if let number = Output.write(text, to: descriptor) {
            close(descriptor)
            throw failure(path, number)
        }
        // Some file systems say only now that there was no room.
        guard close(descriptor) == 0 else { throw failure(path) }
    }

    /// The file behind symbolic links, which stay.
    private static func resolved(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    private static func failure(_ path: String, _ number: Int32 = errno) -> CommandFailure {
        CommandFailure(line: "error: \(path): cannot be written: \(String(cString: strerror(number)))")
    }
}
