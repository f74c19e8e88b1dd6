import Kube
import Testing

/// An object with one mistake, and the expected error.
struct BadObject: Sendable, CustomTestStringConvertible {
    var mistake: String
    var yaml: String
    /// The field that the error names.
    var field: String
    /// The field that the error names without an API server, where reading the object finds it more precisely.
    var fieldOffline: String
    /// The message, or a part of it.
    var problem: String

    init(_ mistake: String, _ yaml: String, _ field: String, _ problem: String, fieldOffline: String? = nil) {
        self.mistake = mistake
        self.yaml = yaml
        self.field = field
        self.fieldOffline = fieldOffline ?? field
        self.problem = problem
    }

    var testDescription: String { mistake }

    /// Objects that violate a rule of the schema.
    static let breakingRules: [BadObject] = tenants + views + agents + pods

    private static func tenant(_ spec: String, name: String = "t") -> String {
        """
        {apiVersion: tributary.dev/v1alpha1, kind: Tenant, metadata: {name: \(name), namespace: default},
        spec: {globalViewRef: {name: main}, \(spec)}}
        """
    }
    private static func glob(_ spec: String) -> String { tenant("matcher: glob, hashring: a, \(spec)") }
    private static func view(_ spec: String, name: String = "v") -> String {
        """
        {apiVersion: tributary.dev/v1alpha1, kind: GlobalView, metadata: {name: \(name), namespace: default},
        spec: {\(spec)}}
        """
    }
    private static func rings(_ rings: String, _ more: String = "") -> String {
        view("thanos: {hashrings: [\(rings)]\(more)}")
    }
    private static func agent(_ spec: String, name: String = "a") -> String {
        """
        {apiVersion: tributary.dev/v1alpha1, kind: PrometheusAgent, metadata: {name: \(name), namespace: default},
        spec: {\(spec)}}
        """
    }
    private static func write(_ more: String) -> String {
        agent("remoteWrite: [{url: 'https://example.org/api/v1/write', \(more)}]")
    }
    private static func relabel(_ step: String) -> String { write("writeRelabelConfigs: [{\(step)}]") }

    private static let tenants = [
        BadObject(
            "a tenant whose name is too long for its Service", tenant("", name: String(repeating: "t", count: 59)),
            "metadata.name", "ttt\" should have at most 58 characters"),
        BadObject("an id that is a dot", tenant("id: '.'"), "spec.id", "\".\" is not a valid id"),
        BadObject("an id that is two dots", tenant("id: '..'"), "spec.id", "\"..\" is not a valid id"),
        BadObject("a pattern as an exact id", tenant("id: 'a?'"), "spec.id", "patterns require matcher glob"),
        BadObject("a pattern with an open bracket", glob("id: 'a[b'"), "spec.id", "\"a[b\" is not a valid pattern"),
        BadObject("a pattern with empty brackets", glob("id: 'a[]'"), "spec.id", "\"a[]\" is not a valid pattern"),
        BadObject("a pattern with only a caret in brackets", glob("id: 'a[^]'"), "spec.id", "is not a valid pattern"),
        BadObject("a pattern with an open range", glob("id: '[a-]'"), "spec.id", "is not a valid pattern"),
        BadObject("a pattern that ends with a backslash", glob("id: 'a\\'"), "spec.id", "is not a valid pattern"),
        BadObject("matcher glob without a pattern", glob("deletionPolicy: Remove"), "spec.id", "it holds the pattern"),
        BadObject(
            "a pattern without a hashring", tenant("id: 'a*', matcher: glob"), "spec.hashring",
            "is required with matcher glob"),
        BadObject(
            "external labels for a pattern", glob("id: 'a*', externalLabels: {a: b}"), "spec.externalLabels",
            "should be absent with matcher glob"),
        BadObject(
            "limits for a pattern", glob("id: 'a*', limits: {headSeriesLimit: 1}"), "spec.limits",
            "should be absent with matcher glob"),
        BadObject(
            "a read proxy for a pattern", glob("id: 'a*', read: {replicas: 1}"), "spec.read",
            "create a Tenant with an exact id for each tenant that reads"),
        BadObject(
            "a datasource for a pattern", glob("id: 'a*', grafana: {organization: 1}"), "spec.grafana",
            "create a Tenant with an exact id for each tenant that reads"),
        BadObject(
            "credentials for a pattern", glob("id: 'a*', credentials: {overlap: 1h}"), "spec.credentials",
            "a pattern cannot write or read"),
        BadObject(
            "agents for a pattern", glob("id: 'a*', agents: [{namespace: b, name: c}]"), "spec.agents",
            "a pattern cannot write or read"),
        BadObject(
            "gateway limits for a pattern", glob("id: 'a*', gateway: {limits: {requestsPerSecond: 1}}"),
            "spec.gateway", "a pattern cannot write or read"),
        BadObject(
            "rules for a pattern", glob("id: 'a*', rules: {selector: {}}"), "spec.rules",
            "a pattern has no series of its own"),
        BadObject(
            "rules of namespaces by name and by labels",
            tenant("rules: {selector: {}, namespaces: [a], namespaceSelector: {}}"), "spec.rules",
            "should have at most one of \"namespaces\" and \"namespaceSelector\""),
        BadObject(
            "a pattern that is offboarded", glob("id: 'a*', offboarding: {readsFor: 1h}"), "spec.offboarding",
            "bring off the tenants with exact ids"),
        BadObject(
            "external labels on the soft hashring", tenant("externalLabels: {region: eu}"), "spec.externalLabels",
            "requires \"hashring\""),
        BadObject(
            "an external label of a tenant with a hyphen", tenant("hashring: a, externalLabels: {my-label: a}"),
            "spec.externalLabels", "label names should have only letters"),
        BadObject(
            "an external label of a tenant with two leading underscores",
            tenant("hashring: a, externalLabels: {__name: a}"),
            "spec.externalLabels", "label names should have only letters"),
        BadObject(
            "a negative request size", tenant("limits: {requests: {sizeBytesLimit: -4Mi}}"),
            "spec.limits.requests.sizeBytesLimit", "should be at least 0"),
    ]

    private static let adopt = "adopt: {selector: {matchLabels: {ring: a}}}"

    private static let views = [
        BadObject(
            "a view whose name starts with a digit", view("prometheus: {}", name: "1v"), "metadata.name",
            "\"1v\" should have at most 41 characters"),
        BadObject(
            "a view without a kind", view("tenantLabel: t"), "spec",
            "found none, should have exactly one of \"prometheus\", \"thanos\" and"),
        BadObject(
            "pulling without a gateway", view("prometheus: {servesFederate: true}"), "spec.prometheus.servesFederate",
            "requires \"gateway\": without it, nothing would tell who pulls"),
        BadObject(
            "a certificate without its authorities",
            view(
                """
                prometheus: {web: {tlsConfig: {cert: {secret: {name: a, key: a}}, keySecret: {name: a, key: a}}}}
                """), "spec.prometheus.web.ca", "should be set together with tlsConfig"),
        BadObject(
            "Alertmanagers that are nowhere", view("prometheus: {alerting: {alertmanagers: [{name: a}]}}"),
            "spec.prometheus.alerting.alertmanagers[0]", "exactly one of \"service\" and \"targets\""),
        BadObject(
            "a view of two kinds", view("prometheus: {}, thanos: {}"), "spec",
            "found prometheus and thanos, should have exactly one of \"prometheus\""),
        BadObject(
            "an Ingress to an external service",
            view("external: {writeURL: 'https://m.example.org/push'}, ingress: {host: a.example.org}"), "spec.ingress",
            "requires \"gateway\" unless the view has \"prometheus\""),
        BadObject(
            "an Ingress to Thanos without a gateway", view("thanos: {}, ingress: {host: a.example.org}"),
            "spec.ingress", "whoever reaches the Ingress could write as any tenant"),
        BadObject(
            "an HTTPRoute without a gateway",
            view("prometheus: {}, httpRoute: {host: a.example.org, parentRefs: [{name: front}]}"), "spec.httpRoute",
            "requires \"gateway\", to which the route leads"),
        BadObject(
            "an Ingress and an HTTPRoute",
            view(
                "thanos: {}, gateway: {}, ingress: {host: a.example.org}, "
                    + "httpRoute: {host: a.example.org, parentRefs: [{name: front}]}"),
            "spec", "found ingress and httpRoute"),
        BadObject(
            "a shared read proxy without a gateway", view("thanos: {}, readProxy: {mode: Shared}"),
            "spec.readProxy.mode", "Shared requires \"gateway\""),
        BadObject(
            "client certificates without TLS",
            view(
                "thanos: {}, gateway: {authentication: {clientCertificates: "
                    + "{caSecretRef: {name: tenants-ca, key: ca.crt}}}}"),
            "spec.gateway.tls", "is required with authentication.clientCertificates"),
        BadObject(
            "two soft hashrings", rings("{name: a, soft: true, \(adopt)}, {name: b, soft: true, \(adopt)}"),
            "spec.thanos.hashrings", "at most one hashring should be soft"),
        BadObject(
            "a hashring with fewer replicas than copies", rings("{name: a, replicas: 2}", ", replicationFactor: 3"),
            "spec.thanos.hashrings", "each hashring should have at least as many replicas as replicationFactor"),
        BadObject(
            "zones with hashmod",
            rings("{name: a, \(adopt), membership: {zone: {from: node}}}", ", algorithm: hashmod"),
            "spec.thanos.hashrings", "a hashring with zones requires the algorithm ketama"),
        BadObject(
            "shuffle sharding with hashmod",
            rings("{name: a, \(adopt), shuffleSharding: {shardSize: 3}}", ", algorithm: hashmod"),
            "spec.thanos.hashrings", "a hashring with shuffleSharding requires the algorithm ketama"),
        BadObject(
            "a shard size above the number of receivers",
            rings("{name: a, replicas: 3, shuffleSharding: {shardSize: 4}}"),
            "spec.thanos.hashrings[0].shuffleSharding.shardSize", "should be at most replicas"),
        BadObject(
            "Store Gateways without an object storage", view("thanos: {store: {}}"), "spec.thanos.store",
            "requires \"objectStorage\", whose blocks it serves"),
        BadObject(
            "a compactor without an object storage", view("thanos: {compactor: {}}"), "spec.thanos.compactor",
            "requires \"objectStorage\", whose blocks it compacts"),
        BadObject(
            "a Thanos certificate from nowhere", view("thanos: {tls: {}}"), "spec.thanos.tls",
            "exactly one of \"secretName\" and \"certificate\""),
        BadObject(
            "TLS where receivers forward by Cap'n Proto",
            view("thanos: {replicationProtocol: capnproto, tls: {secretName: a}}"), "spec.thanos.replicationProtocol",
            "should be protobuf with \"tls\""),
        BadObject(
            "pods of a Thanos Query that others run",
            view("thanos: {query: {url: 'http://q.example.org', replicas: 1, priorityClassName: high}}"),
            "spec.thanos.query", "should have the fields of pods only with \"replicas\" and without \"url\""),
        BadObject(
            "pods of receivers that others run", rings("{name: a, \(adopt), podMetadata: {labels: {team: a}}}"),
            "spec.thanos.hashrings[0]", "should have retention, resources and the fields of pods only with"),
        BadObject(
            "a password without a gateway",
            view(
                """
                prometheus: {web: {basicAuth: {username: {name: a, key: u}, password: {name: a, key: p}}}}
                """), "spec.prometheus.web.basicAuth", "requires \"gateway\""),
        BadObject(
            "a user name without a password",
            view("gateway: {}, prometheus: {web: {basicAuth: {username: {name: a, key: u}}}}"),
            "spec.prometheus.web.basicAuth", "should have both \"username\" and \"password\""),
        BadObject(
            "a query frontend without a querier", view("thanos: {query: {replicas: 0}, queryFrontend: {}}"),
            "spec.thanos.queryFrontend", "requires \"query.replicas\" and no \"query.url\""),
        BadObject(
            "one memcached for the answers for operators and for tenants",
            view(
                "thanos: {query: {replicas: 1}, queryFrontend: {cache: {memcached: {addresses: [a, b]}}, "
                    + "tenantCache: {memcached: {addresses: [b]}}}}"),
            "spec.thanos.queryFrontend.tenantCache.memcached.addresses", "should have other servers than cache"),
        BadObject(
            "a cache of two kinds",
            view(
                "thanos: {query: {replicas: 1}, queryFrontend: {cache: {size: 1Gi, memcached: {addresses: [a]}}}}"),
            "spec.thanos.queryFrontend.cache", "found size and memcached, should have exactly one"),
        BadObject(
            "a cache of a Store Gateway of no kind",
            view("thanos: {objectStorage: {secretRef: {name: s, key: k}}, store: {indexCache: {}}}"),
            "spec.thanos.store.indexCache", "found none, should have exactly one of \"size\""),
        BadObject(
            "an Alertmanager without an address",
            view("prometheus: {}, rules: {alertmanagers: [{name: a, scheme: https}]}"),
            "spec.rules.alertmanagers[0]", "should have exactly one of \"service\" and \"targets\""),
        BadObject(
            "an Alertmanager with two kinds of credentials",
            tenant("rules: {alertmanagers: [{name: a, targets: ['a:9093'], basicAuth: {}, authorization: {}}]}"),
            "spec.rules.alertmanagers[0]", "should have at most one of \"basicAuth\" and \"authorization\""),
        BadObject(
            "one ConfigMap for both files", view("thanos: {limitsConfigMapName: v-hashrings}"),
            "spec.thanos.limitsConfigMapName", "should not be the ConfigMap of the hashring file"),
        BadObject(
            "a head series limit without meta-monitoring", view("thanos: {limits: {default: {headSeriesLimit: 1000}}}"),
            "spec.thanos.limits.default.headSeriesLimit", "requires global.metaMonitoringURL"),
        BadObject(
            "a negative default request size",
            view("thanos: {limits: {default: {requests: {sizeBytesLimit: -1}}}}"),
            "spec.thanos.limits.default.requests.sizeBytesLimit", "should be at least 0"),
        BadObject(
            "zones from an unnamed annotation",
            rings("{name: a, \(adopt), membership: {zone: {from: annotation}}}"),
            "spec.thanos.hashrings[0].membership.zone.key", "should name the annotation that holds the zone"),
        BadObject(
            "a key for zones from the StatefulSet",
            rings("{name: a, \(adopt), membership: {zone: {from: statefulSet, key: zone}}}"),
            "spec.thanos.hashrings[0].membership.zone.key", "requires \"from\" to be node or annotation"),
        BadObject(
            "a hashring that is neither adopted nor managed", rings("{name: a}"), "spec.thanos.hashrings[0]",
            "found none, should have exactly one of \"adopt\""),
        BadObject(
            "a hashring both adopted and managed", rings("{name: a, replicas: 3, \(adopt)}"),
            "spec.thanos.hashrings[0]", "found adopt and replicas, should have exactly one"),
        BadObject(
            "a hashring that has a number of receivers and leaves it to others",
            rings("{name: a, replicas: 3, externalScaling: {minReplicas: 3}}"),
            "spec.thanos.hashrings[0]", "found replicas and externalScaling, should have exactly one"),
        BadObject(
            "a hashring that others may scale below the copies of a sample",
            rings("{name: a, externalScaling: {minReplicas: 1}}", ", replicationFactor: 2"),
            "spec.thanos.hashrings", "at least as many replicas as replicationFactor"),
        BadObject(
            "shards for which a hashring may become too small",
            rings("{name: a, externalScaling: {minReplicas: 2}, shuffleSharding: {shardSize: 3}}"),
            "spec.thanos.hashrings[0].shuffleSharding.shardSize", "should be at most externalScaling.minReplicas"),
        BadObject(
            "storage for adopted receivers", rings("{name: a, \(adopt), storage: {size: 1Gi}}"),
            "spec.thanos.hashrings[0].storage", "requires \"replicas\""),
        BadObject(
            "resources of adopted receivers", rings("{name: a, \(adopt), resources: {requests: {cpu: 1}}}"),
            "spec.thanos.hashrings[0]", "only without \"adopt\""),
        BadObject(
            "a port that receivers use otherwise", rings("{name: a, replicas: 3, port: 10902}"),
            "spec.thanos.hashrings[0].port", "should not be 10902"),
        BadObject(
            "a hashring that adopts everything", rings("{name: a, adopt: {selector: {}}}"),
            "spec.thanos.hashrings[0].adopt.selector", "an empty selector would adopt every StatefulSet"),
        BadObject(
            "a hashring whose selector compares with no values",
            rings("{name: a, adopt: {selector: {matchExpressions: [{key: a, operator: In}]}}}"),
            "spec.thanos.hashrings[0].adopt.selector.matchExpressions", "should have values with the operators In",
            fieldOffline: "spec.thanos.hashrings[0].adopt.selector.matchExpressions[0].values"),
        BadObject(
            "federation with two credentials",
            view(
                """
                prometheus: {federate: [{name: a, url: 'https://a.example.org', match: [up],
                basicAuth: {}, authorization: {}}]}
                """), "spec.prometheus.federate[0]", "at most one of \"basicAuth\" and \"authorization\""),
        BadObject(
            "remote read with two credentials",
            view(
                """
                prometheus: {remoteRead: [{name: a, url: 'https://a.example.org/read', basicAuth: {},
                authorization: {}}]}
                """), "spec.prometheus.remoteRead[0]", "at most one of \"basicAuth\" and \"authorization\""),
    ]

    private static let agents = [
        BadObject(
            "an agent whose name contains a dot", agent("tenantRef: {name: t}", name: "a.b"), "metadata.name",
            "\"a.b\" should have at most 37 characters"),
        BadObject(
            "a remote write without a URL", agent("remoteWrite: [{name: central}]"), "spec.remoteWrite",
            "each entry should have a url"),
        BadObject(
            "a remote write that its tenant does not complete",
            agent("tenantRef: {name: t}, remoteWrite: [{name: central}]"), "spec.remoteWrite",
            "each entry should have a url"),
        BadObject(
            "two remote writes with the same name",
            agent("remoteWrite: [{name: a, url: 'https://a.example.org'}, {name: a, url: 'https://b.example.org'}]"),
            "spec.remoteWrite", "each name should be there once"),
        BadObject(
            "an external label with a hyphen", agent("tenantRef: {name: t}, externalLabels: {my-label: a}"),
            "spec.externalLabels", "label names should have only letters, digits and underscores"),
        BadObject(
            "a timeout beyond the interval",
            agent("tenantRef: {name: t}, scrapeInterval: 1m, scrapeTimeout: 1m1s"), "spec.scrapeTimeout",
            "should be at most scrapeInterval"),
        BadObject(
            "a timeout beyond the default interval", agent("tenantRef: {name: t}, scrapeTimeout: 31s"),
            "spec.scrapeTimeout", "\"31s\" should be at most scrapeInterval, which defaults to 30s"),
        BadObject(
            "a monitor selector that compares existence with values",
            agent(
                """
                tenantRef: {name: t}, probeNamespaceSelector: {matchExpressions: [{key: a, operator: Exists,
                values: [b]}]}
                """), "spec.probeNamespaceSelector.matchExpressions", "and none with Exists and DoesNotExist",
            fieldOffline: "spec.probeNamespaceSelector.matchExpressions[0].values"),
        BadObject(
            "remote write with two credentials", write("basicAuth: {}, authorization: {}"), "spec.remoteWrite[0]",
            "found basicAuth and authorization, should have at most one of"),
        BadObject(
            "a header that Prometheus sets itself", write("headers: {Content-TYPE: a}"), "spec.remoteWrite[0].headers",
            "should not contain headers that Prometheus sets itself"),
        BadObject(
            "minShards above maxShards", write("queueConfig: {minShards: 9, maxShards: 3}"),
            "spec.remoteWrite[0].queueConfig.minShards", "should be at most maxShards"),
        BadObject(
            "a certificate without its key", write("tlsConfig: {cert: {secret: {name: a, key: b}}}"),
            "spec.remoteWrite[0].tlsConfig", "belong together"),
        BadObject(
            "certificate authorities from two sources",
            write("tlsConfig: {ca: {secret: {name: a, key: b}, configMap: {name: a, key: b}}}"),
            "spec.remoteWrite[0].tlsConfig.ca", "exactly one of \"secret\" and \"configMap\""),
        BadObject(
            "a client ID without a source",
            write("oauth2: {clientId: {}, clientSecret: {name: a, key: b}, tokenUrl: 'https://a.example.org'}"),
            "spec.remoteWrite[0].oauth2.clientId", "exactly one of \"secret\" and \"configMap\""),
        BadObject(
            "a replacement without a target label", relabel("replacement: a"),
            "spec.remoteWrite[0].writeRelabelConfigs[0]",
            "the action replace requires targetLabel"),
        BadObject(
            "a hash without a modulus", relabel("action: HashMod, targetLabel: a"),
            "spec.remoteWrite[0].writeRelabelConfigs[0]", "the action hashmod requires a modulus of at least 1"),
        BadObject(
            "two default scrape classes",
            agent("tenantRef: {name: t}, scrapeClasses: [\(one), {name: b, default: true}]"),
            "spec.scrapeClasses", "at most one class should be the default"),
        BadObject(
            "a scrape class with a certificate but no key", scrapeClass("tlsConfig: {certFile: /c}"),
            "spec.scrapeClasses[0].tlsConfig", "should have both a certificate and its key or neither"),
        BadObject(
            "a scrape class with two sources of authorities",
            scrapeClass("tlsConfig: {caFile: /ca, ca: {secret: {name: a, key: b}}}"),
            "spec.scrapeClasses[0].tlsConfig", "each by reference or as a file"),
        BadObject(
            "a scrape class with two sources of credentials",
            scrapeClass("authorization: {credentialsFile: /t, credentials: {name: a, key: b}}"),
            "spec.scrapeClasses[0].authorization", "at most one of \"credentials\" and \"credentialsFile\""),
        BadObject(
            "an Authorization header of type Basic", write("authorization: {type: bAsic, credentialsFile: /t}"),
            "spec.remoteWrite[0].authorization.type", "should not be Basic; use basicAuth instead"),
        BadObject(
            "a token file together with sigv4", write("bearerTokenFile: /t, sigv4: {}"), "spec.remoteWrite[0]",
            "should not combine \"bearerToken\" or \"bearerTokenFile\""),
        BadObject(
            "an access key without its secret key", write("sigv4: {accessKey: {name: a, key: b}}"),
            "spec.remoteWrite[0].sigv4", "should have both \"accessKey\" and \"secretKey\" or neither"),
        BadObject(
            "an external id without a role", write("sigv4: {externalId: a}"), "spec.remoteWrite[0].sigv4.externalId",
            "requires \"roleArn\""),
        BadObject(
            "two Azure identities", write("azureAd: {sdk: {}, managedIdentity: {}}"), "spec.remoteWrite[0].azureAd",
            "exactly one of \"managedIdentity\", \"oauth\", \"sdk\" and \"workloadIdentity\""),
        BadObject(
            "a proxy from two sources", write("proxyFromEnvironment: true, proxyUrl: 'http://p.example.org'"),
            "spec.remoteWrite[0].proxyFromEnvironment", "should not be true if \"proxyUrl\" or \"noProxy\" is set"),
        BadObject(
            "noProxy without a proxy", write("noProxy: a.example.org"),
            "spec.remoteWrite[0].noProxy", "requires \"proxyUrl\""),
        BadObject(
            "proxy headers without a proxy", write("proxyConnectHeader: {A: [{name: a, key: b}]}"),
            "spec.remoteWrite[0].proxyConnectHeader", "requires a proxy"),
        BadObject(
            "noProxy without a proxy for the token server",
            write(
                "oauth2: {clientId: {secret: {name: a, key: b}}, clientSecret: {name: a, key: b}, "
                    + "tokenUrl: 'https://a.example.org', noProxy: b.example.org}"),
            "spec.remoteWrite[0].oauth2.noProxy", "requires \"proxyUrl\""),
        BadObject(
            "a key without its certificate for the token server",
            write(
                "oauth2: {clientId: {secret: {name: a, key: b}}, clientSecret: {name: a, key: b}, "
                    + "tokenUrl: 'https://a.example.org', tlsConfig: {keySecret: {name: a, key: b}}}"),
            "spec.remoteWrite[0].oauth2.tlsConfig", "should have both \"cert\" and \"keySecret\" or neither"),
        BadObject(
            "all and some resource attributes",
            agent(
                "tenantRef: {name: t}, otlp: {promoteAllResourceAttributes: true, promoteResourceAttributes: [a]}"),
            "spec.otlp.promoteAllResourceAttributes", "should not be true if \"promoteResourceAttributes\" is set"),
        BadObject(
            "ignored resource attributes without promoting all",
            agent("tenantRef: {name: t}, otlp: {ignoreResourceAttributes: [a]}"), "spec.otlp.ignoreResourceAttributes",
            "requires \"promoteAllResourceAttributes\" to be true"),
        BadObject(
            "one tenant and several",
            agent("tenantRef: {name: t}, tenantRefs: [{name: t, namespaces: [a]}]"), "spec",
            "found tenantRef and tenantRefs, should have at most one of"),
        BadObject(
            "an external label that determines the tenant",
            agent("tenantRefs: [{name: t, namespaces: [a]}], externalLabels: {namespace: a}"), "spec.externalLabels",
            "should not contain the label by which tenantRefs tell tenants apart"),
    ]

    private static let one = "{name: a, default: true}"

    private static func scrapeClass(_ content: String) -> String {
        agent("tenantRef: {name: t}, scrapeClasses: [{name: a, \(content)}]")
    }

    /// Objects that violate the schema itself.
    static let notFitting: [BadObject] = [
        BadObject(
            "a tenant without a global view",
            "{apiVersion: tributary.dev/v1alpha1, kind: Tenant, metadata: {name: t, namespace: default}, spec: {id: a}}",
            "spec.globalViewRef", "Required value"),
        BadObject(
            "a tenant without a specification",
            "{apiVersion: tributary.dev/v1alpha1, kind: Tenant, metadata: {name: t, namespace: default}}", "spec",
            "Required value"),
        BadObject("an id with a slash", tenant("id: a/b"), "spec.id", "\"a/b\": spec.id in body should match"),
        BadObject("an id with a vertical bar", tenant("id: a|b"), "spec.id", "\"a|b\": spec.id in body should match"),
        BadObject(
            "an unknown policy", tenant("deletionPolicy: Delete"), "spec.deletionPolicy",
            "\"Delete\": supported values: \"Retain\", \"Remove\""),
        BadObject(
            "a negative limit", tenant("limits: {headSeriesLimit: -1}"), "spec.limits.headSeriesLimit",
            "-1: spec.limits.headSeriesLimit in body should be greater than or equal to 0"),
        BadObject(
            "a size that is not a quantity", tenant("limits: {requests: {sizeBytesLimit: 4 MB}}"),
            "spec.limits.requests.sizeBytesLimit", "\"4 MB\""),
        BadObject(
            "a shard size of 0", tenant("shuffleShardSize: 0"), "spec.shuffleShardSize",
            "0: spec.shuffleShardSize in body should be greater than or equal to 1"),
        BadObject(
            "an unknown matcher", tenant("matcher: regex"), "spec.matcher",
            "\"regex\": supported values: \"exact\", \"glob\""),
        BadObject(
            "a duplicate in alsoSees", tenant("read: {alsoSees: [a, a]}"), "spec.read.alsoSees[1]",
            "Duplicate value: \"a\""),
        BadObject(
            "a word instead of a number", view("prometheus: {replicas: two}"), "spec.prometheus.replicas",
            "must be of type integer: \"string\""),
        BadObject(
            "an unknown algorithm", view("thanos: {algorithm: Ketama}"), "spec.thanos.algorithm",
            "\"Ketama\": supported values: \"ketama\", \"hashmod\""),
        BadObject(
            "two hashrings with the same name", rings("{name: a, \(adopt)}, {name: a, \(adopt)}"),
            "spec.thanos.hashrings[1]",
            "Duplicate value: {\"name\":\"a\"}"),
        BadObject(
            "a duration without a unit", view("prometheus: {retention: '15'}"), "spec.prometheus.retention",
            "\"15\": spec.prometheus.retention in body should match"),
        BadObject(
            "a selector with two label values in one",
            rings("{name: a, adopt: {selector: {matchLabels: {ring: 'a,b'}}}}"),
            "spec.thanos.hashrings[0].adopt.selector.matchLabels.ring",
            "\"a,b\": spec.thanos.hashrings[0].adopt.selector.matchLabels.ring in body should match"),
        BadObject(
            "a selector with a key that no label has",
            agent("tenantRef: {name: t}, podMonitorSelector: {matchExpressions: [{key: 'a b', operator: Exists}]}"),
            "spec.podMonitorSelector.matchExpressions[0].key",
            "\"a b\": spec.podMonitorSelector.matchExpressions[0].key in body should match"),
        BadObject(
            "a URL without a scheme", agent("remoteWrite: [{url: example.org}]"), "spec.remoteWrite[0].url",
            "\"example.org\": spec.remoteWrite[0].url in body should match"),
        BadObject(
            "two jobs with the same name", agent("tenantRef: {name: t}, scrapeConfigs: [{job_name: a}, {job_name: a}]"),
            "spec.scrapeConfigs[1]", "Duplicate value: {\"job_name\":\"a\"}"),
    ]
}
