import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// A Prometheus that receives what agents remote-write: StatefulSet, Services and configuration.
///
/// With several replicas, each has a Service of its own for writes, so that all of them get every write. The Service for
/// queries leads to one of them, so that no query sees the gap of another.
struct CentralPrometheus {
    var owner: Owner
    var version: PrometheusVersion
    var spec: PrometheusSpec
    /// The same as an agent, for the fields that both have.
    var scraper: PrometheusAgent
    var image: String
    var replicas: Int
    /// The replica that queries go to.
    var readReplica: Int
    /// The image of the side-car that reloads a Prometheus before 3.0.
    var reloaderImage: String
    var configuration: CentralConfiguration
    /// Whether jobs may discover their targets through the API server.
    var asksAPI: Bool
    /// The Secrets that the configuration names.
    var files: FileMounts
    /// The user name and the password that it asks for, and the hash of the password; nil if it asks for none.
    var login: (login: ServerLogin, hash: String)?

    var name: String { CentralNames.name(of: owner.metadata.name) }
    private var labels: [String: String] { owner.labels(CentralNames.component, program: CentralNames.program) }
    private var selector: [String: String] { owner.selector(CentralNames.component, program: CentralNames.program) }

    func objects() throws(FieldError) -> [Object] {
        var files = files
        let users = login.map { [$0.login.username: $0.hash] } ?? [:]
        let webConfig = PrometheusWebConfig(scraper.spec.web, users: users, files: &files)
        var objects = configuration.objects(owner, name, labels: labels)
        if let webConfig { objects.append(webConfig.object(owner, of: name, labels: labels)) }
        if asksAPI, spec.serviceAccountName == nil {
            objects.append(
                owner.object(.serviceAccounts, name, labels: labels, ["automountServiceAccountToken": false]))
        }
        objects.append(service)
        if replicas > 1 { objects += (0..<replicas).map(service) }
        if spec.podDisruptionBudget?.enabled ?? (replicas > 1) {
            objects.append(
                owner.disruptionBudget(
                    name, labels: labels, selector: selector,
                    maxUnavailable: spec.podDisruptionBudget?.maxUnavailable?.json ?? 1))
        }
        return objects + [try statefulSet(files, webConfig)]
    }

    // MARK: - Services

    private static let podNameLabel = "statefulset.kubernetes.io/pod-name"

    /// The Service for queries.
    private var service: Object {
        let pod = CentralNames.name(of: owner.metadata.name, replica: readReplica)
        let one = replicas > 1 ? [Self.podNameLabel: pod] : [:]
        return owner.service(
            name, labels: labels, selector: selector.merging(one) { own, _ in own },
            ports: PrometheusWeb().servicePorts)
    }

    /// The Service of a replica, for writes.
    private func service(_ replica: Int) -> Object {
        let pod = CentralNames.name(of: owner.metadata.name, replica: replica)
        return owner.service(
            pod, labels: labels.merging([CentralNames.replicaLabel: "\(replica)"]) { own, _ in own },
            selector: selector.merging([Self.podNameLabel: pod]) { own, _ in own }, ports: PrometheusWeb().servicePorts)
    }

    // MARK: - Pods

    /// Prometheus 3 follows its configuration itself. Before, the pods of a configuration without monitors are
    /// replaced with it, and those of one with monitors reload it, since monitors change often.
    private var needsReloader: Bool { !version.reloadsItself && configuration.changesOften }

    /// Tributary's own arguments: the receiver is enabled, and nobody outside can delete data or stop the server.
    private var arguments: [String] {
        let folder = needsReloader ? ReloaderSidecar.outputPath : PrometheusPod.configPath
        var arguments = [
            "--config.file=\(folder)/\(PrometheusPod.configFile)",
            "--storage.tsdb.path=\(PrometheusPod.dataPath)",
            "--storage.tsdb.retention.time=\(spec.retention ?? "15d")",
        ]
        if let size = spec.retentionSize { arguments.append("--storage.tsdb.retention.size=\(size)") }
        if let compresses = spec.walCompression {
            arguments.append("--\(compresses ? "" : "no-")storage.tsdb.wal-compression")
        }
        arguments.append("--web.enable-remote-write-receiver")
        var features = spec.enableFeatures ?? []
        if version.reloadsItself {
            features.append("auto-reload-config")
            let flag = "--config.auto-reload-interval"
            if version.takesReloadInterval, spec.additionalArgs?.contains(where: { "--\($0.name)" == flag }) != true {
                arguments.append("\(flag)=\(AgentArguments.reloadInterval)")
            }
        }
        var seen: Set<String> = ["remote-write-receiver"]
        features = features.filter { seen.insert($0).inserted }
        if !features.isEmpty { arguments.append("--enable-feature=\(features.joined(separator: ","))") }
        if let url = spec.externalUrl {
            // Its path would otherwise be that of writes and queries.
            arguments += ["--web.external-url=\(url)", "--web.route-prefix=/"]
        }
        if let level = spec.logLevel { arguments.append("--log.level=\(level)") }
        if let format = spec.logFormat { arguments.append("--log.format=\(format)") }
        if let title = spec.web?.pageTitle { arguments.append("--web.page-title=\(title)") }
        if let most = spec.web?.maxConnections { arguments.append("--web.max-connections=\(most)") }
        return arguments
    }

    private var podSpec: JSON {
        var pod = PrometheusPod.podSpec(of: scraper)
        if asksAPI || spec.serviceAccountName != nil {
            pod["serviceAccountName"] = JSON(spec.serviceAccountName ?? name)
        }
        pod["automountServiceAccountToken"] = .bool(
            spec.automountServiceAccountToken ?? (asksAPI || spec.serviceAccountName != nil))
        if replicas > 1, pod["topologySpreadConstraints"] == nil {
            pod["topologySpreadConstraints"] = TopologySpread.constraints(selector)
        }
        return pod
    }

    private func statefulSet(
        _ mounted: FileMounts, _ webConfig: PrometheusWebConfig?
    ) throws(FieldError) -> Object {
        var files = mounted
        var arguments = arguments
        if let webConfig {
            let path = PrometheusWebConfig.mount(name, isSecret: webConfig.isSecret, &files)
            arguments.append("--web.config.file=\(path)")
        }
        var web = PrometheusWeb()
        web.isHTTPS = spec.web?.tlsConfig != nil
        web.startupSeconds = spec.maximumStartupDurationSeconds ?? web.startupSeconds
        web.login = login.map { login in
            (
                files.path(login.login.keys.username, isRequired: true),
                files.path(login.login.keys.password, isRequired: true)
            )
        }
        arguments += PrometheusPod.arguments(of: scraper)
        for name in spec.secrets ?? [] { files.add(secret: name, isRequired: true) }
        for name in spec.configMaps ?? [] { files.add(configMap: name, isRequired: true) }
        var pod = PrometheusPod(
            image: image, arguments: arguments,
            resources: spec.resources?.json ?? ["requests": ["cpu": "100m", "memory": "512Mi"]],
            storage: spec.storage?.claim, configuration: configuration.volume(name), files: files,
            podSpec: podSpec, additions: PrometheusPod.additions(of: scraper))
        pod.assets = configuration.assets?.volume
        pod.web = web
        if needsReloader {
            pod.reloader = ReloaderSidecar(
                image: spec.reloaderImage ?? reloaderImage, expanded: [], environment: [],
                watched: files.loadedFolders)
        }
        let hash = needsReloader ? [:] : PrometheusPod.annotations(version, configuration: configuration.text)
        var set = try pod.statefulSet(
            replicas: replicas, serviceName: name, selector: selector,
            labels: (spec.podMetadata?.labels ?? [:]).merging(labels) { _, own in own },
            annotations: (spec.podMetadata?.annotations ?? [:]).merging(hash) { _, own in own })
        if let policy = spec.podManagementPolicy { set["podManagementPolicy"] = JSON(policy) }
        if let retention = spec.persistentVolumeClaimRetentionPolicy {
            set["persistentVolumeClaimRetentionPolicy"] = [
                "whenDeleted": JSON(retention.whenDeleted ?? "Retain"),
                "whenScaled": JSON(retention.whenScaled ?? "Retain"),
            ]
        }
        set["updateStrategy"] = spec.updateStrategy
        set["minReadySeconds"] = spec.minReadySeconds.map { JSON($0) }
        return owner.object(
            .statefulSets, name, labels: labels, annotations: configuration.annotations, ["spec": set])
    }
}

extension GlobalView {
    /// The central Prometheus's version. A custom image whose version cannot be read counts as a recent one.
    var prometheusVersion: PrometheusVersion { PrometheusVersion(prometheusVersionText) ?? PrometheusVersion(3, 5) }
}
