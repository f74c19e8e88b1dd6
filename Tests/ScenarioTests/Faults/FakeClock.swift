#if canImport(Glibc)
import Glibc
#endif
import TestSupport

/// The wall clock of a process, which a test sets while the process runs. The monotonic clock stays right, as when somebody
/// sets a machine's clock.
struct FakeClock: Sendable {
    /// The compiler of the library that the process is started with; nil if there is none.
    private static let compiler = ChildProcess.find("clang") ?? ChildProcess.find("cc")
    static let isPossible = compiler != nil

    private let directory: TemporaryDirectory

    init() async throws {
        directory = try TemporaryDirectory()
        try directory.write("ahead", [UInt8](repeating: 0, count: MemoryLayout<Int>.size))
        let made = try await ChildProcess.run(
            Self.compiler ?? "cc",
            ["-shared", "-fPIC", "-o", directory.path("clock.so"), "\(Checkout.root)/Tests/Fixtures/clock/clock.c"])
        guard made.code == 0 else { throw WaitingError(description: "clock.c: \(made.output)") }
    }

    /// What the process needs in its environment.
    var environment: [String: String] {
        ["LD_PRELOAD": directory.path("clock.so"), "CLOCK_OFFSET": directory.path("ahead")]
    }

    /// Sets the clock ahead of the right time by some seconds, or behind it.
    func set(ahead seconds: Int) throws {
        let file = open(directory.path("ahead"), O_WRONLY | O_CLOEXEC)
        defer { close(file) }
        // In place: the process has the file in its memory.
        let written = withUnsafeBytes(of: seconds) { pwrite(file, $0.baseAddress, $0.count, 0) }
        guard written == MemoryLayout<Int>.size else { throw WaitingError(description: "cannot set the clock") }
    }

    func remove() { directory.remove() }
}
