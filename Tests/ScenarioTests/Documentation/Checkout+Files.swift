import TestSupport

#if canImport(Glibc)
import Glibc
#endif

extension Checkout {
    /// The paths from the root of all files under a folder of the repository, sorted; empty if there is no such folder.
    static func files(under folder: String) -> [String] {
        TemporaryDirectory.names(in: "\(root)/\(folder)").flatMap { name in
            let path = "\(folder)/\(name)"
            guard let directory = opendir("\(root)/\(path)") else { return [path] }
            closedir(directory)
            return files(under: path)
        }
    }

    /// Whether a file or folder of the repository exists.
    static func exists(_ path: String) -> Bool { access("\(root)/\(path)", F_OK) == 0 }
}
