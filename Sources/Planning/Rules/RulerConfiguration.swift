import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI
import YAML

/// The configuration files of Thanos Rule.
struct RulerConfiguration {
    var access: RulerAccess
    /// The namespace of the Secrets, and of Alertmanagers that name none.
    var namespace: String
    var alertmanagers: [AlertmanagerSpec]
    var alertRelabelConfigs: [RelabelConfigSpec]

    static let folder = "/etc/tributary/ruler"
    static let readToken = "read-token"
    static let writeToken = "write-token"
    static let alertmanagersFile = "alertmanagers.yaml"

    /// The files that are read at the start only, by name.
    func files(_ mounts: inout FileMounts) -> [String: String] {
        [
            "query.yaml": YAML.write([query(&mounts)]), "remote-write.yaml": YAML.write([remoteWrite(&mounts)]),
            Self.alertmanagersFile: YAML.write([alerting(&mounts)]),
            "alert-relabel.yaml": YAML.write([.array(alertRelabeling)]),
        ]
    }

    /// The tokens, which are read with each request, by file name.
    var tokens: [String: String] {
        var tokens: [String: String] = [:]
        tokens[Self.readToken] = access.tokens?.read
        tokens[Self.writeToken] = access.tokens?.write
        return tokens
    }

    /// What checks the servers of a client and shows it who asks. Thanos does not start without these files, so pods wait for
    /// them; it reads renewed ones with the next request.
    private func tls(_ authorities: SecretOrConfigMap?, _ certificate: String?, _ mounts: inout FileMounts) -> JSON {
        guard authorities != nil || certificate != nil else { return .null }
        func file(_ key: String) -> JSON {
            certificate.map { JSON(mounts.path(KeySelector(name: $0, key: key), isRequired: true)) } ?? .null
        }
        let config: JSON = [
            "ca_file": authorities.flatMap { mounts.path($0, isRequired: true) }.map { JSON($0) } ?? .null,
            "cert_file": file("tls.crt"), "key_file": file("tls.key"),
        ]
        return config.droppingNulls
    }

    /// Thanos reads the password with each request, but the user name only when it starts.
    private func login(_ mounts: inout FileMounts) -> JSON {
        guard let login = access.login else { return .null }
        return [
            "username": JSON(login.username), "password_file": JSON(mounts.path(login.keys.password, isRequired: true)),
        ]
    }

    private func query(_ mounts: inout FileMounts) -> JSON {
        let url = SplitURL(access.queryURL)
        var client: JSON.Members = [:]
        if access.tokens != nil { client["bearer_token_file"] = JSON("\(Self.folder)/\(Self.readToken)") }
        let tls = tls(access.authorities.query, nil, &mounts)
        if !tls.isNull, url.scheme == "https" { client["tls_config"] = tls }
        if access.login != nil { client["basic_auth"] = login(&mounts) }
        let server: JSON = [
            "http_config": client.isEmpty ? .null : .object(client),
            "scheme": JSON(url.scheme), "path_prefix": url.path.isEmpty ? .null : JSON(url.path),
            "static_configs": [JSON(url.authority)],
        ]
        return [server.droppingNulls]
    }

    private func remoteWrite(_ mounts: inout FileMounts) -> JSON {
        var relabeling: [JSON] = []
        if let label = access.label {
            relabeling.append(
                access.isLabelledByReceiver
                    ? ["action": "labeldrop", "regex": JSON(label.name)]
                    : ["action": "replace", "target_label": JSON(label.name), "replacement": JSON(label.id)])
        }
        let tls = tls(access.authorities.write, access.certificate, &mounts)
        let login = login(&mounts)
        let writes = access.writeURLs.enumerated().map { index, url -> JSON in
            let write: JSON = [
                "url": JSON(url), "name": JSON(index == 0 ? "results" : "results-\(index)"),
                "headers": access.header.map { [$0.name: JSON($0.id)] } ?? .null,
                "authorization": access.tokens.map { _ in
                    ["type": "Bearer", "credentials_file": JSON("\(Self.folder)/\(Self.writeToken)")]
                } ?? .null,
                "tls_config": tls, "basic_auth": login,
                "write_relabel_configs": relabeling.isEmpty ? .null : .array(relabeling),
            ]
            return write.droppingNulls
        }
        return ["remote_write": .array(writes)]
    }

    /// The rules for alerts. The tenant's label is set last, so that no rule gives an alert that of another tenant.
    private var alertRelabeling: [JSON] {
        var rules = alertRelabelConfigs.map(\.prometheusJSON)
        if let replica = access.replicaLabel { rules.append(["action": "labeldrop", "regex": JSON(replica)]) }
        if let label = access.label {
            rules.append(["action": "replace", "target_label": JSON(label.name), "replacement": JSON(label.id)])
        }
        return rules
    }

    private func alerting(_ mounts: inout FileMounts) -> JSON {
        var entries: [JSON] = []
        for spec in alertmanagers {
            var client: JSON.Members = [:]
            if let auth = spec.basicAuth {
                // The script that starts Thanos, which reads no user name from a file, writes it in its place.
                let entry: JSON = [
                    "username_file": auth.username.map { JSON(mounts.path($0)) } ?? .null,
                    "password_file": auth.password.map { JSON(mounts.path($0)) } ?? .null,
                ]
                client["basic_auth"] = entry.droppingNulls
            }
            if let credentials = spec.authorization?.credentials {
                client["bearer_token_file"] = JSON(mounts.path(credentials))
            }
            if let tls = spec.tlsConfig {
                let entry: JSON = [
                    "ca_file": tls.ca.flatMap { mounts.path($0) }.map { JSON($0) } ?? .null,
                    "cert_file": tls.cert.flatMap { mounts.path($0) }.map { JSON($0) } ?? .null,
                    "key_file": tls.keySecret.map { JSON(mounts.path($0)) } ?? .null,
                    "server_name": tls.serverName.map { JSON($0) } ?? .null,
                    "insecure_skip_verify": tls.insecureSkipVerify.map { .bool($0) } ?? .null,
                ]
                client["tls_config"] = entry.droppingNulls
            }
            let entry: JSON = [
                "http_config": client.isEmpty ? .null : .object(client),
                "scheme": JSON(spec.scheme ?? "http"), "path_prefix": spec.pathPrefix.map { JSON($0) } ?? .null,
                "timeout": JSON(spec.timeout ?? "10s"), "api_version": "v2",
                "static_configs": JSON(spec.addresses(in: namespace)),
            ]
            entries.append(entry.droppingNulls)
        }
        return ["alertmanagers": .array(entries)]
    }

    /// The rules for alerts that Thanos would accept, and an error for each other one, which is left out.
    static func accepted(
        _ rules: [RelabelConfigSpec], by version: PrometheusVersion, about: PlanKey
    ) -> (rules: [RelabelConfigSpec], problems: [Diagnostic]) {
        var result: (rules: [RelabelConfigSpec], problems: [Diagnostic]) = ([], [])
        for (index, rule) in rules.enumerated() {
            let config = RelabelConfig(
                sourceLabels: rule.sourceLabels ?? [], separator: rule.separator, targetLabel: rule.targetLabel,
                regex: rule.regex, modulus: rule.modulus.flatMap { UInt64(exactly: $0) },
                replacement: rule.replacement, action: rule.action)
            if let problem = config.problems(for: version).first {
                result.problems.append(
                    .error(
                        about, "spec.rules.alertRelabelConfigs[\(index)]", "RelabelingInvalid",
                        "\(problem); the rule is left out"))
            } else {
                result.rules.append(rule)
            }
        }
        return result
    }

    /// What the settings ask of Thanos and it cannot do.
    static func findings(_ alertmanagers: [AlertmanagerSpec], about: PlanKey, field: String) -> [Diagnostic] {
        alertmanagers.enumerated().flatMap { index, spec -> [Diagnostic] in
            var findings: [Diagnostic] = []
            if let type = spec.authorization?.type, type.lowercased() != "bearer" {
                findings.append(
                    .warning(
                        about, "\(field)[\(index)].authorization.type", "NoEffect",
                        "\"\(type)\" has no effect: Thanos Rule sends Bearer only"))
            }
            if spec.tlsConfig?.minVersion != nil || spec.tlsConfig?.maxVersion != nil {
                findings.append(
                    .warning(
                        about, "\(field)[\(index)].tlsConfig", "NoEffect",
                        "minVersion and maxVersion have no effect: Thanos Rule cannot set them"))
            }
            return findings
        }
    }
}

extension AlertmanagerSpec {
    /// The addresses, by DNS for a Service: all pods of a headless one.
    fileprivate func addresses(in namespace: String) -> [String] {
        guard let service else { return targets ?? [] }
        let host = "\(service.name).\(service.namespace ?? namespace).svc"
        return ["dnssrv+_\(service.port ?? "web")._tcp.\(host)"]
    }
}

extension RelabelConfigSpec {
    /// The rule as in the configuration of Prometheus.
    fileprivate var prometheusJSON: JSON {
        let json: JSON = [
            "source_labels": sourceLabels.map { JSON($0) } ?? .null, "separator": separator.map { JSON($0) } ?? .null,
            "regex": regex.map { JSON($0) } ?? .null, "modulus": modulus.map { .int($0) } ?? .null,
            "target_label": targetLabel.map { JSON($0) } ?? .null,
            "replacement": replacement.map { JSON($0) } ?? .null, "action": JSON(effectiveAction),
        ]
        return json.droppingNulls
    }
}
