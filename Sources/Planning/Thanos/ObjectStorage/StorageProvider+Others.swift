/// The kinds that are looked at less closely: keys, and what nothing works without.
extension StorageProvider {
    /// Tencent Cloud COS.
    static let cos = StorageProvider("COS", required: [], isStrict: false) {
        StorageKey.texts("bucket", "region", "app_id", "endpoint", "secret_key", "secret_id")
            + StorageKey.counts("max_retries") + [.httpConfig()]
    }

    /// Alibaba Cloud OSS.
    static let aliyunOSS = StorageProvider(
        "ALIYUNOSS", required: ["endpoint", "bucket", "access_key_id", "access_key_secret"], isStrict: false
    ) { StorageKey.texts("endpoint", "bucket", "access_key_id", "access_key_secret") }

    /// Baidu BOS.
    static let bos = StorageProvider(
        "BOS", required: ["bucket", "endpoint", "access_key", "secret_key"], isStrict: false
    ) { StorageKey.texts("bucket", "endpoint", "access_key", "secret_key") }

    /// Oracle Cloud Infrastructure Object Storage.
    static let oci = StorageProvider("OCI", required: ["bucket"], isStrict: false) {
        StorageKey.texts(
            "provider", "bucket", "compartment_ocid", "tenancy_ocid", "user_ocid", "region", "fingerprint",
            "privatekey", "passphrase")
            + StorageKey.counts("part_size", "max_request_retries", "request_retry_interval") + [.httpConfig()]
    }

    /// Huawei Cloud OBS.
    static let obs = StorageProvider("OBS", required: ["endpoint", "access_key", "secret_key"]) {
        StorageKey.texts("bucket", "endpoint", "access_key", "secret_key") + StorageKey.counts("max_retries")
            + [.httpConfig()]
    }
}
