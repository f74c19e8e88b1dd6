#if canImport(Glibc)
import Glibc
#endif

extension TemporaryDirectory {
    /// Fills a volume like the kubelet, all files at once: they are in a folder that the link `..data` names, and each
    /// file has a link to there. Each filling needs another version.
    public func mount(_ files: [(name: String, bytes: [UInt8])], as volume: String, version: Int) throws {
        for file in files { try write("\(volume)/..\(version)/\(file.name)", file.bytes) }
        let new = path("\(volume)/..data_tmp")
        guard symlink("..\(version)", new) == 0, rename(new, path("\(volume)/..data")) == 0 else {
            throw FileError(description: "cannot link \(path(volume))")
        }
        for file in files { _ = symlink("..data/\(file.name)", path("\(volume)/\(file.name)")) }
    }
}
