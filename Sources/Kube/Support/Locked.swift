#if canImport(Glibc)
import Glibc
#endif

/// A value behind a lock: the only lock type of this package.
///
/// It uses a pthread mutex, which ThreadSanitizer understands; with `Synchronization.Mutex` it reports false races on
/// Linux. Hold it for a moment only. Never suspend, never call out to code that may take another lock, while it is
/// held.
public final class Locked<Value>: @unchecked Sendable {
    private var value: Value
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    /// Creates a lock with an initial value.
    public init(_ value: sending Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Runs a closure with exclusive access to the value and returns its result.
    public func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
