extension ConfigField {
    /// The kinds of service discovery.
    static let discoveries: [ConfigField] = [
        discovery("static_configs", .staticTargets), discovery("file_sd_configs", .fileDiscovery),
        discovery("http_sd_configs", .httpDiscovery), discovery("kubernetes_sd_configs", .kubernetes),
        discovery("aws_sd_configs", .aws, since: .init(3, 8)), discovery("azure_sd_configs", .azure),
        discovery("consul_sd_configs", .consul), discovery("digitalocean_sd_configs", .digitalOcean),
        discovery("dns_sd_configs", .dns), discovery("docker_sd_configs", .docker),
        discovery("dockerswarm_sd_configs", .dockerSwarm), discovery("ec2_sd_configs", .ec2),
        discovery("ecs_sd_configs", .ecs, since: .init(3, 8)),
        discovery("elasticache_sd_configs", .elasticache, since: .init(3, 11)),
        discovery("msk_sd_configs", .msk, since: .init(3, 10)), discovery("rds_sd_configs", .rds, since: .init(3, 11)),
        discovery("eureka_sd_configs", .eureka), discovery("gce_sd_configs", .gce),
        discovery("hetzner_sd_configs", .hetzner), discovery("ionos_sd_configs", .ionos, since: .init(2, 36)),
        discovery("kuma_sd_configs", .kuma), discovery("lightsail_sd_configs", .lightsail),
        discovery("linode_sd_configs", .linode), discovery("marathon_sd_configs", .marathon),
        discovery("nerve_sd_configs", .nerve), discovery("nomad_sd_configs", .nomad, since: .init(2, 37)),
        discovery("oci_sd_configs", .oci, since: .init(3, 14)), discovery("openstack_sd_configs", .openStack),
        discovery("outscale_sd_configs", .outscale, since: .init(3, 12)),
        discovery("ovhcloud_sd_configs", .ovhcloud, since: .init(2, 40)),
        discovery("puppetdb_sd_configs", .puppetDB), discovery("scaleway_sd_configs", .scaleway),
        discovery("serverset_sd_configs", .serverset), discovery("stackit_sd_configs", .stackit, since: .init(3, 5)),
        discovery("triton_sd_configs", .triton), discovery("uyuni_sd_configs", .uyuni),
        discovery("vultr_sd_configs", .vultr, since: .init(2, 36)),
    ]

    private static func discovery(
        _ name: String, _ table: ConfigTable, since: PrometheusVersion? = nil
    ) -> ConfigField {
        .field(name, .objects(table), since: since)
    }
}
