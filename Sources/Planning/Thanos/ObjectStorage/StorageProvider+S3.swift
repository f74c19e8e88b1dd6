extension StorageProvider {
    /// Amazon S3 and what speaks its protocol, such as MinIO and Ceph.
    static let s3 = StorageProvider("S3", required: ["bucket", "endpoint"]) {
        let texts = StorageKey.texts(
            "bucket", "endpoint", "region", "access_key", "secret_key", "session_token", "list_objects_version",
            "bucket_lookup_type", "sts_endpoint")
        let flags =
            StorageKey.flags("aws_sdk_auth", "insecure", "signature_version2") + [
                StorageKey("disable_dualstack", .flag, since: 36), StorageKey("send_content_md5", .flag, since: 33),
                StorageKey("disable_multipart", .flag, since: 36),
            ]
        let encryption =
            StorageKey.texts("type", "kms_key_id") + [
                StorageKey("kms_encryption_context", .texts), StorageKey("encryption_key", .file),
            ]
        return texts + flags + [
            StorageKey("put_user_metadata", .texts), StorageKey("part_size", .count),
            StorageKey("max_retries", .count, since: 37), StorageKey("trace", .keys(StorageKey.flags("enable"))),
            StorageKey("sse_config", .keys(encryption)), .httpConfig(),
        ]
    } problems: { values in
        var findings = [
            values.choice("list_objects_version", ["v1", "v2"]),
            values.choice("bucket_lookup_type", ["auto", "virtual-hosted", "path"]),
            values.choice("sse_config.type", ["SSE-S3", "SSE-KMS", "SSE-C"]),
        ].compactMap(\.self)
        if let endpoint = values.text("endpoint"), !isHost(endpoint) {
            findings.append(
                .error("endpoint", "should be a host, with or without a port, such as s3.eu-central-1.amazonaws.com"))
        }
        if values.isOn("aws_sdk_auth") {
            if values.has("access_key") { findings.append(.error("access_key", "excludes config.aws_sdk_auth")) }
        } else if let pair = values.together(["access_key", "secret_key"]) {
            findings.append(pair)
        }
        let needed = ["SSE-C": "encryption_key", "SSE-KMS": "kms_key_id"]
        if let key = values.text("sse_config.type").flatMap({ needed[$0] }), !values.has("sse_config.\(key)") {
            findings.append(.error("sse_config.\(key)", "is required by this sse_config.type"))
        }
        return findings
    }

    /// Whether a text can be a host with a port: a scheme or a path would be refused.
    private static func isHost(_ text: String) -> Bool {
        !text.contains { $0.isWhitespace || "/?#@\"'".contains($0) }
    }
}
