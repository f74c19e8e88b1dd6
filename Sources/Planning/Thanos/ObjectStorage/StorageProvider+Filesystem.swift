extension StorageProvider {
    /// A folder, for trying things out on one machine: in a cluster each pod has a file system of its own.
    static let filesystem = StorageProvider("FILESYSTEM", required: ["directory"], isStrict: false) {
        StorageKey.texts("directory")
    }
}
