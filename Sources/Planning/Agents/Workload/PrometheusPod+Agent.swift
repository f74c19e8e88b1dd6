import Kube
import PrometheusConfig
import TributaryAPI

extension PrometheusPod {
    /// The pods of an agent without their configuration.
    init(
        _ agent: PrometheusAgent, _ version: PrometheusVersion, _ configuration: AgentConfiguration, files: FileMounts,
        webConfig: AgentWebConfig?, reloaderImage: String
    ) {
        let spec = agent.spec
        var files = files
        for name in spec.secrets ?? [] { files.add(secret: name, isRequired: true) }
        for name in spec.configMaps ?? [] { files.add(configMap: name, isRequired: true) }
        // External labels distinguish replicas by the pod's name: Prometheus expands environment variables in them.
        var environment: [JSON] = [Self.variable("POD_NAME", "metadata.name")]
        if agent.isNodeLocal { environment.append(Self.variable("NODE_NAME", "spec.nodeName")) }
        let needsReloader = agent.isNodeLocal || !version.reloadsItself
        let web = PrometheusWeb(agent)
        let webConfigFile = webConfig.map { _ in AgentWebConfig.mount(agent.metadata.name, &files) }

        var arguments = AgentArguments()
        let folder = needsReloader ? ReloaderSidecar.outputPath : Self.configPath
        arguments.configFile = "\(folder)/\(Self.configFile)"
        arguments.storagePath = Self.dataPath
        // With the lifecycle API anyone who can reach the port could stop the agent, and nothing here needs it.
        arguments.enablesLifecycle = false
        arguments.reloadsAutomatically = !needsReloader
        arguments.logLevel = spec.logLevel
        arguments.logFormat = spec.logFormat
        arguments.compressesWAL = spec.walCompression
        arguments.externalURL = spec.externalUrl
        arguments.routePrefix = spec.routePrefix
        arguments.listenAddress = web.isLocal ? "127.0.0.1:\(Self.port)" : nil
        arguments.webConfigFile = webConfigFile
        arguments.follow(spec, for: version)
        if let title = spec.web?.pageTitle { arguments.additional.append("--web.page-title=\(title)") }
        if let most = spec.web?.maxConnections { arguments.additional.append("--web.max-connections=\(most)") }
        arguments.additional += (spec.additionalArgs ?? []).map { argument in
            argument.value.map { "--\(argument.name)=\($0)" } ?? "--\(argument.name)"
        }
        self.init(
            image: agent.image, arguments: arguments.list(for: version, configuration),
            resources: spec.resources?.json ?? ["requests": ["cpu": "50m", "memory": "128Mi"]],
            storage: agent.mode == .statefulSet ? spec.storage?.claim : nil,
            dataVolume: spec.storage?.volume ?? ["emptyDir": [:]], configuration: [:], files: files,
            environment: environment, web: web,
            reloader: needsReloader
                ? ReloaderSidecar(
                    image: spec.reloaderImage ?? reloaderImage, expanded: agent.isNodeLocal ? ["NODE_NAME"] : [],
                    environment: agent.isNodeLocal ? [Self.variable("NODE_NAME", "spec.nodeName")] : [],
                    watched: files.loadedFolders)
                : nil,
            podSpec: Self.podSpec(of: agent), additions: Self.additions(of: agent))
    }

    private static func variable(_ name: String, _ field: String) -> JSON {
        ["name": JSON(name), "valueFrom": ["fieldRef": ["fieldPath": JSON(field)]]]
    }

    /// The members of the pod's specification that replace Tributary's own.
    private static func podSpec(of agent: PrometheusAgent) -> JSON {
        let spec = agent.spec
        var pod: JSON = [:]
        pod["nodeSelector"] = spec.nodeSelector.map { JSON($0) }
        pod["tolerations"] = spec.tolerations.flatMap { try? JSON(encoding: $0) }
        pod["affinity"] = spec.affinity
        pod["topologySpreadConstraints"] = spec.topologySpreadConstraints.map { .array($0) }
        pod["securityContext"] = spec.securityContext
        pod["priorityClassName"] = spec.priorityClassName.map { JSON($0) }
        pod["terminationGracePeriodSeconds"] = spec.terminationGracePeriodSeconds.map { .int($0) }
        pod["hostNetwork"] = spec.hostNetwork.map { .bool($0) }
        pod["hostAliases"] = spec.hostAliases.flatMap { try? JSON(encoding: $0) }
        // On the host network, cluster names resolve only with this policy.
        pod["dnsPolicy"] =
            spec.dnsPolicy.map { JSON($0) } ?? (spec.hostNetwork == true ? "ClusterFirstWithHostNet" : nil)
        pod["dnsConfig"] = spec.dnsConfig
        pod["enableServiceLinks"] = spec.enableServiceLinks.map { .bool($0) }
        pod["imagePullSecrets"] = spec.imagePullSecrets.map { .array($0.map { ["name": JSON($0.name)] }) }
        return pod
    }

    /// The additions that are merged into the pod by name.
    private static func additions(of agent: PrometheusAgent) -> JSON {
        let spec = agent.spec
        var containers: [JSON] = []
        var own: JSON = [:]
        if let mounts = spec.volumeMounts { own["volumeMounts"] = .array(mounts) }
        if let policy = spec.imagePullPolicy { own["imagePullPolicy"] = JSON(policy) }
        if own.object?.isEmpty == false {
            own["name"] = JSON(containerName)
            containers.append(own)
        }
        containers += spec.containers ?? []
        var additions: JSON = [:]
        if !containers.isEmpty { additions["containers"] = .array(containers) }
        if let initial = spec.initContainers { additions["initContainers"] = .array(initial) }
        if let volumes = spec.volumes { additions["volumes"] = .array(volumes) }
        return additions
    }
}
