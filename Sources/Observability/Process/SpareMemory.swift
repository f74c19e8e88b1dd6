import CMalloc
import Glibc

/// Gives back to the kernel what was needed for a while only, so that an operator that has gone idle is small.
public enum SpareMemory {
    /// Has two heaps shared by all threads, in the place of one for each thread: what one thread frees another can use.
    ///
    /// Has to come before there are many threads.
    public static func shareHeaps() { _ = mallopt(M_ARENA_MAX, 2) }

    /// Gives back what was allocated and is free again: the lists that came at the start, the plans of thousands.
    public static func trim() { _ = malloc_trim(0) }

    /// Gives back the pages of code and constants that only starting has touched.
    ///
    /// The kernel maps sixteen pages where one is touched, and takes none of them back while there is memory enough.
    /// What is still needed it maps again from its page cache, within microseconds. Only what is as it stands in the
    /// file is let go: a mapping with a page of our own in it, such as a relocated one, stays (see proc(5), smaps).
    public static func dropStartupPages() {
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
                // The number's first digit is not 0.
                if text.utf8.contains(where: { (0x31...0x39).contains($0) }) { mapping = nil }
            } else if text.hasPrefix("VmFlags:"), let mapping {
                _ = madvise(mapping.start, mapping.count, MADV_DONTNEED)
            }
            if text.hasPrefix("VmFlags:") { mapping = nil }
        }
    }

    /// A file's part that is mapped to be read or run, and not to be written.
    private struct Mapping {
        var start: UnsafeMutableRawPointer
        var count: Int

        /// Reads the first line of a mapping, such as `55d0c000-55d0e000 r-xp 00000000 fe:00 604 /usr/bin/true`; nil for
        /// other lines and for other mappings.
        init?(_ line: String) {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            guard words.count >= 6, words[1].utf8.count == 4, words[5].hasPrefix("/") else { return nil }
            let bounds = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, bounds[0] < bounds[1], words[1] == "r-xp" || words[1] == "r--p",
                let start = UnsafeMutableRawPointer(bitPattern: bounds[0])
            else { return nil }
            self.start = start
            count = Int(bounds[1] - bounds[0])
        }
    }
}
