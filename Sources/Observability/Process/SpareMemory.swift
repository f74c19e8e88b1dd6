import CMalloc
import Glibc

/// Returns memory to the kernel that was needed only temporarily, so that an idle operator is small.
public enum SpareMemory {
    /// Limits the process to two heaps shared by all threads, so that each thread can reuse what others free.
    ///
    /// Call it before the process has many threads.
    public static func shareHeaps() { _ = mallopt(M_ARENA_MAX, 2) }

    /// Returns freed heap memory to the kernel, such as that of the initial lists and of large plans.
    public static func trim() { _ = malloc_trim(0) }

    /// Returns the pages of code and constants that were needed once, such as those of the startup and of first plans.
    ///
    /// The kernel maps sixteen pages when one is touched, and reclaims none of them while memory is sufficient. Pages
    /// that are still needed are mapped again from the page cache within microseconds. Only unmodified file mappings
    /// are dropped: a mapping with a private page, such as a relocated one, stays (see proc(5), smaps).
    public static func dropCodePages() {
        guard let file = fopen("/proc/self/smaps", "re") else { return }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        var mapping: Mapping?
        while getline(&line, &capacity, file) > 0, let text = line.map({ String(cString: $0) }) {
            if let next = Mapping(text) {
                mapping = next
            } else if text.hasPrefix("Anonymous:") || text.hasPrefix("Swap:") {
                // The number is not 0.
                if text.utf8.contains(where: { (0x31...0x39).contains($0) }) { mapping = nil }
            } else if text.hasPrefix("VmFlags:"), let mapping {
                _ = madvise(mapping.start, mapping.count, MADV_DONTNEED)
            }
            if text.hasPrefix("VmFlags:") { mapping = nil }
        }
    }

    /// A read-only or executable mapping of a file.
    private struct Mapping {
        var start: UnsafeMutableRawPointer
        var count: Int

        /// Reads the first line of a mapping, such as `55d0c000-55d0e000 r-xp 00000000 fe:00 604 /usr/bin/true`.
        ///
        /// Nil for other lines and other mappings.
        init?(_ line: String) {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            guard words.count >= 6, words[1].utf8.count == 4, words[5].hasPrefix("/") else { return nil }
            let bounds = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, bounds[0] < bounds[1], words[1] == "r-xp" || words[1] == "r--p",
                let start = UnsafeMutableRawPointer(bitPattern: bounds[0]),
                let count = Int(exactly: bounds[1] - bounds[0])
            else { return nil }
            self.start = start
            self.count = count
        }
    }
}
