extension RemoteWriteSpec {
    /// A remote write of which only the name is said.
    public init(name: String) { self.name = name }
}

extension RelabelConfig {
    /// A rule of which all is said that Prometheus does not assume.
    public init(
        sourceLabels: [String]? = nil, regex: String? = nil, targetLabel: String? = nil, replacement: String? = nil,
        action: String? = nil
    ) {
        self.sourceLabels = sourceLabels
        self.regex = regex
        self.targetLabel = targetLabel
        self.replacement = replacement
        self.action = action
    }
}
