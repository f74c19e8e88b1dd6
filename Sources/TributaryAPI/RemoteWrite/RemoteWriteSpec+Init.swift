extension RemoteWriteSpec {
    /// A remote write of which only the name is said.
    public init(name: String) { self.name = name }
}
