extension StorageProvider {
    /// OpenStack Swift.
    static let swift = StorageProvider("SWIFT", required: ["auth_url", "container_name"]) {
        StorageKey.texts(
            "auth_url", "username", "user_domain_name", "user_domain_id", "user_id", "password", "domain_id",
            "domain_name", "application_credential_id", "application_credential_name",
            "application_credential_secret", "project_id", "project_name", "project_domain_id", "project_domain_name",
            "region_name", "container_name", "large_object_segments_container_name")
            + StorageKey.counts("auth_version", "large_object_chunk_size", "retries")
            + StorageKey.durations("connect_timeout", "timeout")
            + StorageKey.flags("use_dynamic_large_objects") + [.httpConfig(since: 35)]
    } problems: { values in
        guard values.has("auth_url"), !values.has("username"), !values.has("user_id"),
            !values.has("application_credential_id"), !values.has("application_credential_name")
        else { return [] }
        return [.error("username", "is required, or config.user_id or an application credential")]
    }
}
