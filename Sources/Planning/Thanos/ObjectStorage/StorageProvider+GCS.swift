import Kube

extension StorageProvider {
    /// Google Cloud Storage.
    static let gcs = StorageProvider("GCS", required: ["bucket"]) {
        StorageKey.texts("bucket", "service_account") + [
            StorageKey("use_grpc", .flag, since: 35), StorageKey("grpc_conn_pool_size", .count, since: 35),
            StorageKey("chunk_size_bytes", .count, since: 37), StorageKey("max_retries", .count, since: 37),
            .httpConfig(since: 35),
        ]
    } problems: { values in
        guard let account = values.text("service_account") else { return [] }
        let type = (try? JSON(parsing: account))?["type"]?.string
        guard type?.isEmpty != false else { return [] }
        return [
            .error("service_account", "should be the JSON of a service account key, which has the member \"type\"")
        ]
    }
}
