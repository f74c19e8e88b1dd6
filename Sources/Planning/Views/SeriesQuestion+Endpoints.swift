extension SeriesQuestion {
    /// The question for a view with these endpoints; nil if no query shows all tenants.
    init?(_ endpoints: ViewEndpoints) {
        guard !endpoints.needsTenant, let url = endpoints.wideQueryURL ?? endpoints.queryURL else { return nil }
        self.init(url: url, label: endpoints.tenantLabel)
    }
}
