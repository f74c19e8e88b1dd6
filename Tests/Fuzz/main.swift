import CFuzzer
import FuzzTargets

#if canImport(Glibc)
import Glibc
#endif

// usage: Fuzz TARGET [libFuzzer's options] [FOLDER…]
let name = CommandLine.arguments.dropFirst().first ?? ""
guard let target = FuzzTarget.named(name) else {
    print("usage: Fuzz TARGET [options] [FOLDER…]\ntargets: \(FuzzTarget.all.map(\.name).joined(separator: " "))")
    exit(2)
}
nonisolated(unsafe) let run = target.run

var arguments = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
var count = CInt(arguments.count)
pointers.withUnsafeMutableBufferPointer { buffer in
    var base = buffer.baseAddress
    exit(
        LLVMFuzzerRunDriver(&count, &base) { data, size in
            run(Array(UnsafeBufferPointer(start: data, count: size)))
            return 0
        })
}
