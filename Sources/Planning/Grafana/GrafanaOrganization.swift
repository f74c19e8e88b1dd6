public import Kube

/// The organization that a tenant should have in Grafana.
public struct GrafanaOrganization: Sendable, Hashable {
    /// The global view, which has the server.
    public var view: ObjectKey
    /// The name of the organization.
    public var name: String
    /// The mark of the organization.
    public var mark: GrafanaMark
    /// The datasource.
    public var datasource: Datasource
    /// The role of each member, by login or email address; nil if members are not managed.
    public var members: [String: String]?
    /// The limits that the dashboards show.
    public var limits: DashboardLimits

    /// An organization.
    public init(
        view: ObjectKey, name: String, mark: GrafanaMark, datasource: Datasource, members: [String: String]? = nil,
        limits: DashboardLimits = DashboardLimits()
    ) {
        self.view = view
        self.name = name
        self.mark = mark
        self.datasource = datasource
        self.members = members
        self.limits = limits
    }

    /// The namespace and name of the tenant.
    public var tenant: ObjectKey { mark.tenant }

    /// The name of an organization that is being created: only ours has it, so that a crash leaves none behind.
    public var temporaryName: String { "tributary \(mark.viewUID) \(tenant)" }

    /// The dashboards.
    public var dashboards: [JSON] { [TenantDashboard.json(limits)] }

    /// The folder of the dashboards. Folders and dashboards share their identifiers.
    public static let folder = (uid: "tributary-folder", title: "Tributary")

    /// A datasource of type `prometheus`.
    public struct Datasource: Sendable, Hashable {
        /// The identifier that dashboards use.
        public var uid: String
        /// The name that users see.
        public var name: String
        /// The URL of the query API.
        public var url: String
        /// The settings that are not secret.
        public var settings: JSON
        /// The bearer token; nil if the query API needs none.
        public var token: HiddenText?

        /// A datasource.
        public init(uid: String, name: String, url: String, settings: JSON, token: HiddenText? = nil) {
            self.uid = uid
            self.name = name
            self.url = url
            self.settings = settings
            self.token = token
        }
    }
}

/// The limits of a tenant that its dashboard draws; nil or 0 for none.
public struct DashboardLimits: Sendable, Hashable {
    /// The number of series in the heads of the receivers.
    public var headSeries: Int64?
    /// The number of samples in a write request.
    public var samplesPerRequest: Int64?

    /// Limits.
    public init(headSeries: Int64? = nil, samplesPerRequest: Int64? = nil) {
        self.headSeries = headSeries
        self.samplesPerRequest = samplesPerRequest
    }
}
