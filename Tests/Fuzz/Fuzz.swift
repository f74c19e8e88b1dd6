import FuzzTargets

#if canImport(Glibc)
import Glibc
#endif

/// What the bytes are read by: the target that FUZZ_TARGET names.
private let target: FuzzTarget = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget.named(name) else {
        print("FUZZ_TARGET is not one of these\ntargets: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
        fflush(nil)
        _exit(2)
    }
    return target
}()

/// libFuzzer's callback. Its runtime, which `--sanitize fuzzer` links, has the main function.
@_cdecl("LLVMFuzzerTestOneInput") public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    target.run(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}
