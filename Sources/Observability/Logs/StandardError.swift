#if canImport(Glibc)
import Glibc
#endif
import Kube

/// The standard error stream, written one line at a time.
enum StandardError {
    private static let lock = Locked(())

    /// Writes bytes. If that fails they are lost: there is no other place to report it.
    static func write(_ bytes: [UInt8]) {
        lock.withLock { _ in
            bytes.withUnsafeBytes { buffer in
                var rest = buffer[...]
                while !rest.isEmpty {
                    let count = Glibc.write(
                        STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    if count > 0 {
                        rest = rest.dropFirst(count)
                    } else if errno != EINTR {
                        return
                    }
                }
            }
        }
    }
}
