/// The name and the version of this release. The image, the manifests and the chart have the same, which tests compare.
public enum Release {
    /// The name of the program and of its image.
    public static let name = "tributary"
    /// The version of the program and of its image.
    public static let version = "0.1.0"
    /// The image, by the name that it has where no registry has been set.
    public static let image = "\(name):\(version)"
}
