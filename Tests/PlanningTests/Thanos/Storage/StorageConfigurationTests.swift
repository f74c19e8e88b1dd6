import PrometheusConfig
import Testing

@testable import Planning

/// The configuration of an object storage, checked as Thanos reads it. A test of the real program compares.
@Suite("The configuration of an object storage")
struct StorageConfigurationTests {
    static let newest = PrometheusVersion(0, 41)

    static func findings(_ text: String, _ version: PrometheusVersion = newest) -> [String] {
        StorageConfiguration.findings(in: Array(text.utf8), for: version).map { "\($0.severity) \($0.text)" }
    }

    /// Configurations that Thanos takes.
    static let good = [
        "{type: S3, config: {bucket: metrics, endpoint: s3.example.org}}",
        "{type: s3, config: {bucket: metrics, endpoint: \"minio:9000\", insecure: true, access_key: a, secret_key: b}}",
        "{type: S3, prefix: a, config: {bucket: m, endpoint: e, sse_config: {type: SSE-S3}, http_config: {idle_conn_timeout: 90s}}}",
        "{type: S3, config: {bucket: m, endpoint: e, http_config: {tls_config: {insecure_skip_verify: true}}}}",
        "{type: GCS, config: {bucket: metrics}}",
        #"{type: GCS, config: {bucket: metrics, service_account: '{"type": "service_account"}'}}"#,
        "{type: AZURE, config: {storage_account: a, storage_account_key: b, container: c}}",
        "{type: AZURE, config: {storage_account: a, container: c, az_tenant_id: t, client_id: i, client_secret: s}}",
        "{type: SWIFT, config: {auth_url: \"https://k/v3\", username: a, password: b, container_name: c, timeout: 5m}}",
        "{type: COS, config: {bucket: m, app_id: a, region: r, secret_id: i, secret_key: k}}",
        "{type: ALIYUNOSS, config: {endpoint: e, bucket: b, access_key_id: i, access_key_secret: s}}",
        "{type: BOS, config: {endpoint: e, bucket: b, access_key: i, secret_key: s}}",
        "{type: OCI, config: {provider: default, bucket: b, compartment_ocid: o}}",
        "{type: OBS, config: {endpoint: e, bucket: b, access_key: i, secret_key: s}}",
    ]

    @Test(arguments: good) func `What Thanos takes has no finding`(text: String) {
        #expect(Self.findings(text) == [])
    }

    /// Configurations that Thanos refuses, and what is said about them.
    static let bad: [(text: String, finding: String)] = [
        (
            "{type: S3, config: {bukcet: m, endpoint: e}}",
            "config.bukcet: is no key that Thanos knows. Did you mean \"bucket\"?"
        ),
        ("{type: S3, config: {endpoint: e}}", "config.bucket: is required by S3"),
        ("{type: S3, config: {bucket: m}}", "config.endpoint: is required by S3"),
        ("{type: S3}", "config.bucket: is required by S3"),
        ("{type: S3, confg: {}}", "confg: is no key that Thanos knows. Did you mean \"config\"?"),
        (
            "{type: S3, config: {bucket: m, endpoint: \"https://e\"}}",
            "config.endpoint: should be a host, with or without a port, such as s3.eu-central-1.amazonaws.com"
        ),
        (
            "{type: S3, config: {bucket: m, endpoint: e, access_key: a}}",
            "config.secret_key: is required, since there is config.access_key"
        ),
        (
            "{type: S3, config: {bucket: m, endpoint: e, secret_key: a}}",
            "config.access_key: is required, since there is config.secret_key"
        ),
        (
            "{type: S3, config: {bucket: m, endpoint: e, insecure: \"true\"}}",
            "config.insecure: should be true or false"
        ),
        (
            "{type: S3, config: {bucket: m, endpoint: e, part_size: -1}}",
            "config.part_size: should be a number of at least 0"
        ),
        (
            "{type: S3, config: {bucket: m, endpoint: e, bucket_lookup_type: dns}}",
            "config.bucket_lookup_type: should be one of auto, virtual-hosted, path"
        ),
        (
            "{type: S3, config: {bucket: m, endpoint: e, list_objects_version: v3}}",
            "config.list_objects_version: should be one of v1, v2"
        ),
        (
            "{type: S3, config: {bucket: m, endpoint: e, sse_config: {type: AES}}}",
            "config.sse_config.type: should be one of SSE-S3, SSE-KMS, SSE-C"
        ),
        (
            "{type: S3, config: {bucket: m, endpoint: e, sse_config: {type: SSE-KMS}}}",
            "config.sse_config.kms_key_id: is required by this sse_config.type"
        ),
        (
            "{type: S3, config: {bucket: m, endpoint: e, aws_sdk_auth: true, access_key: a, secret_key: b}}",
            "config.access_key: excludes config.aws_sdk_auth"
        ),
        (
            "{type: S3, config: {bucket: m, endpoint: e, http_config: {idle_conn_timeout: fast}}}",
            "config.http_config.idle_conn_timeout: should be a duration such as 90s"
        ),
        (
            "{type: S3, config: {bucket: m, endpoint: e, http_config: {tls_config: {insecure_skip_verfy: true}}}}",
            "config.http_config.tls_config.insecure_skip_verfy: is no key that Thanos knows. Did you mean \"insecure_skip_verify\"?"
        ),
        ("{type: S3, config: {bucket: [m], endpoint: e}}", "config.bucket: should be a text"),
        ("{type: S3, config: [a]}", "config: should be a map"),
        (
            "{type: MINIO, config: {}}",
            "type: \"MINIO\" is not an object storage that Thanos knows; it should be one of S3, GCS, AZURE, SWIFT, FILESYSTEM, COS, ALIYUNOSS, BOS, OCI, OBS"
        ),
        ("{type: AZUR, config: {}}", "type: \"AZUR\" is not an object storage that Thanos knows; did you mean AZURE?"),
        (
            "{config: {bucket: m}}",
            "type: is required; it should be one of S3, GCS, AZURE, SWIFT, FILESYSTEM, COS, ALIYUNOSS, BOS, OCI, OBS"
        ),
        ("{type: GCS, config: {}}", "config.bucket: is required by GCS"),
        (
            "{type: GCS, config: {bucket: m, service_account: /etc/key.json}}",
            "config.service_account: should be the JSON of a service account key, which has the member \"type\""
        ),
        ("{type: AZURE, config: {container: c}}", "config.storage_account: is required by AZURE"),
        (
            "{type: AZURE, config: {storage_account: a, container: c, client_id: i}}",
            "config.az_tenant_id: is required, since there is config.client_id"
        ),
        (
            "{type: AZURE, config: {storage_account: a, container: c, user_assigned_id: i, storage_account_key: k}}",
            "config.user_assigned_id: excludes config.storage_account_key"
        ),
        (
            "{type: SWIFT, config: {auth_url: \"https://k/v3\", username: a}}",
            "config.container_name: is required by SWIFT"
        ),
        ("{type: FILESYSTEM, config: {}}", "config.directory: is required by FILESYSTEM"),
        (
            "type: S3\nconfig: {bucket: m, endpoint: e, access_key: $(KEY), secret_key: b}",
            "has $(KEY): pods have no such variable, and Thanos does not start without it"
        ),
        ("just text", "should be a map with \"type\" and \"config\", not a string"),
    ]

    @Test(arguments: bad) func `What Thanos refuses is named, with what would be right`(
        test: (text: String, finding: String)
    ) {
        #expect(Self.findings(test.text).first == "error \(test.finding)")
    }

    @Test(arguments: ["", " \n", "type: [", "type: S3\ntype: GCS\n", "a: b: c"])
    func `What is no YAML is refused`(text: String) {
        let findings = Self.findings(text)
        #expect(findings.count == 1 && findings[0].hasPrefix("error is "), "\(findings)")
    }

    @Test func `A version of Thanos refuses the keys of later ones`() {
        let text = "{type: S3, config: {bucket: m, endpoint: e, max_retries: 3}}"
        #expect(
            Self.findings(text, PrometheusVersion(0, 36)) == [
                "error config.max_retries: is known to Thanos v0.37.0 and later only"
            ])
        #expect(Self.findings(text) == [])
    }

    @Test func `A version of Thanos that is newer than the tables may know more keys`() {
        let text = "{type: S3, config: {bucket: m, endpoint: e, new_key: 3}}"
        #expect(
            Self.findings(text, PrometheusVersion(0, 50)) == ["warning config.new_key: is no key that Thanos knows"])
    }

    @Test func `What Thanos takes otherwise than it is meant is a warning`() {
        #expect(
            Self.findings("{type: S3, config: {bucket: m, endpoint: e, access_key: 0777, secret_key: b}}") == [
                "warning config.access_key: should be in quotes: YAML takes it for a number"
            ])
        #expect(
            Self.findings("{type: FILESYSTEM, config: {directory: /data, dir: /d}}").map { $0.prefix(20) } == [
                "warning config.dir: "
            ])
    }

    /// Every value of a configuration is a secret, wherever it stands.
    @Test(arguments: [
        "{type: S3cr3t, config: {}}", "{type: S3, config: {S3cr3t: 1}}", "{type: S3, config: S3cr3t}", "S3cr3t",
        "{type: S3, config: {bucket: m, endpoint: \"S3cr3t/\", access_key: S3cr3t}}",
        "{type: S3, config: {access_key: {S3cr3t: S3cr3t}}}", "type: S3\nsecret_key=S3cr3t: x",
        "type: S3\n  secret_key: S3cr3t\n S3cr3t", "type: S3\nS3cr3t: 1\nS3cr3t: 2", "[S3cr3t",
        "{type: GCS, config: {bucket: b, service_account: S3cr3t}}", "\"\\xS3cr3t\"",
        "{type: S3, config: {bucket: m, endpoint: e, http_config: {idle_conn_timeout: S3cr3t}, sse_config: {type: S3cr3t}}}",
        "{type: AZURE, config: {storage_account: {a: S3cr3t}, container: [S3cr3t], max_retries: S3cr3t}}",
    ])
    func `No message has a value`(text: String) {
        let findings = Self.findings(text)
        #expect(!findings.isEmpty && !findings.contains { $0.contains("S3cr3t") }, "\(findings)")
    }
}
