extension StorageProvider {
    /// Azure Blob Storage.
    static let azure = StorageProvider("AZURE", required: ["storage_account", "container"]) {
        let credentials = ["az_tenant_id", "client_id", "client_secret"].map { StorageKey($0, since: 40) }
        return StorageKey.texts(
            "storage_account", "storage_account_key", "container", "endpoint", "user_assigned_id", "msi_resource")
            + credentials + [
                StorageKey("storage_connection_string", since: 33),
                StorageKey("storage_create_container", .flag, since: 36), StorageKey("max_retries", .count),
                StorageKey("reader_config", .keys(StorageKey.counts("max_retry_requests"))),
                StorageKey(
                    "pipeline_config",
                    .keys(
                        StorageKey.counts("max_tries")
                            + StorageKey.durations("try_timeout", "retry_delay", "max_retry_delay"))),
                .httpConfig(),
            ]
    } problems: { values in
        [
            values.exclusive("user_assigned_id", "storage_account_key"),
            values.exclusive("user_assigned_id", "storage_connection_string"),
            values.exclusive("user_assigned_id", "client_id"),
            values.exclusive("storage_account_key", "storage_connection_string"),
            values.together(["az_tenant_id", "client_id", "client_secret"]),
        ].compactMap(\.self)
    }
}
