import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

extension PrometheusPod {
    /// The pods of an agent without their configuration.
    init(
        _ agent: PrometheusAgent, _ version: PrometheusVersion, _ configuration: AgentConfiguration, files: FileMounts,
        webConfig: PrometheusWebConfig?, reloaderImage: String
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
        let webConfigFile = webConfig.map { _ in
            PrometheusWebConfig.mount(AgentNames.name(of: agent.metadata.name), &files)
        }

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
        arguments.additional += Self.arguments(of: agent)
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
}
