import Kube
import PrometheusConfig
import TributaryAPI

/// The fields that determine the version of Prometheus, its labels and its features.
extension AgentConversion {
    /// Whether a `Prometheus` object runs as an agent, by a feature flag or by an argument.
    var runsAsAgent: Bool {
        if features.contains("agent") { return true }
        let added = (spec["additionalArgs"]?.array ?? []).map { argument in
            Argument(name: argument["name"]?.string ?? "", value: argument["value"]?.string)
        }
        let replaced = (spec["containers"]?.array ?? []).filter { $0["name"] == "prometheus" }
            .flatMap { Argument.list($0["args"]) }
        return (added + replaced).contains { argument in
            argument.name == "agent" || argument.name == "enable-feature" && argument.features.contains("agent")
        }
    }

    private var features: [String] {
        (spec["enableFeatures"]?.array ?? []).compactMap(\.string).flatMap { $0.split(separator: ",").map(String.init) }
    }

    /// Takes over the version and the image, which older objects give in parts.
    mutating func takeVersion() {
        func text(_ name: String) -> String? { spec[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        let (base, tag, sha) = (text("baseImage"), text("tag"), text("sha"))
        for name in ["baseImage", "tag", "sha"] where spec[name]?.string != nil { spec[name] = nil }
        if text("image") == nil, base != nil || tag != nil || sha != nil {
            let name = base ?? "quay.io/prometheus/prometheus"
            if let sha {
                spec["image"] = JSON("\(name)@sha256:\(sha)")
            } else if let tag = tag ?? text("version") {
                spec["image"] = JSON("\(name):\(tag)")
            }
        }
        guard text("version") == nil else { return }
        let ofImage = text("image").flatMap { image -> String? in
            let name = image.prefix { $0 != "@" }
            guard let colon = name.lastIndex(of: ":") else { return nil }
            return String(name[name.index(after: colon)...])
        }
        guard let version = [tag, ofImage].lazy.compactMap({ $0 }).first(where: { PrometheusVersion($0) != nil }) else {
            note(
                .changed, Self.field("version"),
                "is not set, and prometheus-operator's default differs from Tributary's",
                "set the version that runs now")
            return
        }
        spec["version"] = JSON(version)
    }

    /// Sets prometheus-operator's names for the labels that it adds, so that series stay the same.
    mutating func takeLabels() {
        if spec["prometheusExternalLabelName"] == nil { spec["prometheusExternalLabelName"] = "prometheus" }
        if spec["replicaExternalLabelName"] == nil { spec["replicaExternalLabelName"] = "prometheus_replica" }
        if let shards = spec["shards"]?.int, shards < 1 { spec["shards"] = nil }
    }

    /// Takes over the features, except for the one that every agent of Tributary has.
    mutating func takeFeatures() {
        var names = features
        var arguments: [JSON] = []
        for argument in spec["additionalArgs"]?.array ?? [] {
            switch argument["name"] {
            case "agent": continue
            case "enable-feature":
                names += Argument(name: "enable-feature", value: argument["value"]?.string).features
            default: arguments.append(argument)
            }
        }
        if spec["additionalArgs"]?.array != nil { spec["additionalArgs"] = .listed(arguments) }
        setFeatures(names)
    }

    private mutating func setFeatures(_ names: [String]) {
        // A value that is not a list stays, so that the schema rejects it.
        guard spec["enableFeatures"].map({ $0.array != nil }) ?? true else { return }
        var seen: Set<String> = ["agent"]
        let kept = names.filter { seen.insert($0).inserted }.map(JSON.string)
        spec["enableFeatures"] = .listed(kept + (spec["enableFeatures"]?.array ?? []).filter { $0.string == nil })
    }

    /// Takes over the remote-write receiver, which is an argument in Tributary.
    mutating func takeReceiver() {
        let isOn = spec["enableRemoteWriteReceiver"]?.bool == true
        let versions = (spec["remoteWriteReceiverMessageVersions"]?.array ?? []).compactMap(\.string)
        if spec["enableRemoteWriteReceiver"]?.bool != nil { spec["enableRemoteWriteReceiver"] = nil }
        if spec["remoteWriteReceiverMessageVersions"]?.array != nil { spec["remoteWriteReceiverMessageVersions"] = nil }
        guard isOn else { return }
        add(Argument(name: "web.enable-remote-write-receiver", value: nil))
        let version = spec["version"]?.string.flatMap { PrometheusVersion($0) }
        guard !versions.isEmpty, version.map({ $0 >= PrometheusVersion(2, 54) }) ?? true else { return }
        let messages = versions.map { $0 == "V2.0" ? "io.prometheus.write.v2.Request" : "prometheus.WriteRequest" }
        add(
            Argument(
                name: "web.remote-write-receiver.accepted-protobuf-messages", value: messages.joined(separator: ",")))
    }

    private mutating func add(_ argument: Argument) {
        var all = spec["additionalArgs"]?.array ?? []
        guard !all.contains(where: { $0["name"]?.string == argument.name }) else { return }
        var json: JSON = ["name": JSON(argument.name)]
        json["value"] = argument.value.map { JSON($0) }
        all.append(json)
        spec["additionalArgs"] = .array(all)
    }

    /// Takes over arguments that replaced prometheus-operator's own. Tributary's arguments and paths differ.
    mutating func take(_ arguments: [Argument]) {
        func set(_ name: String, _ value: JSON?) { if spec[name] == nil { spec[name] = value } }
        for argument in arguments {
            switch argument.name {
            case "agent", "config.file", "storage.agent.path", "web.enable-lifecycle", "web.listen-address",
                "web.config.file", "web.console.templates", "web.console.libraries":
                continue
            case "enable-feature":
                setFeatures((spec["enableFeatures"]?.array ?? []).compactMap(\.string) + argument.features)
            case "web.route-prefix": set("routePrefix", argument.value.map { JSON($0) })
            case "web.external-url": set("externalUrl", argument.value.map { JSON($0) })
            case "log.level": set("logLevel", argument.value.map { JSON($0) })
            case "log.format": set("logFormat", argument.value.map { JSON($0) })
            case "storage.agent.wal-compression": set("walCompression", true)
            case "no-storage.agent.wal-compression": set("walCompression", false)
            default: add(argument)
            }
        }
    }

    /// Reports credentials that everyone who can read the object can read.
    mutating func reportTokens() {
        for (index, write) in (spec["remoteWrite"]?.array ?? []).enumerated() {
            if let url = write["url"]?.string, ConfigRedaction.redactedURL(url) != url {
                note(
                    .changed, Self.field("remoteWrite").appending(index).appending("url"),
                    "contains a password, and such an entry is left out of the configuration",
                    "put the password into a Secret and refer to it in basicAuth")
            }
            guard let token = write["bearerToken"]?.string, !token.isEmpty else { continue }
            note(
                .changed, Self.field("remoteWrite").appending(index).appending("bearerToken"),
                "is a plain-text token, which is taken over unchanged",
                "put the token into a Secret and refer to it in authorization.credentials")
        }
    }

    /// Reports a `Prometheus` that selects nothing: its configuration is written by someone else.
    mutating func reportForeignConfiguration() {
        let selectors = ["serviceMonitor", "podMonitor", "probe", "scrapeConfig"].map { "\($0)Selector" }
        guard source.kind == Self.serverKind, selectors.allSatisfy({ spec[$0] == nil }) else { return }
        note(
            .changed, FieldPath("spec"),
            "selects no monitors; prometheus-operator then leaves the configuration in Secret "
                + "prometheus-\(source.name) to others",
            "put its jobs into spec.scrapeConfigs, or into a Secret that spec.additionalScrapeConfigs names")
    }
}

extension JSON? {
    /// A list; nil if it would be empty.
    static func listed(_ elements: [JSON]) -> JSON? {
        if elements.isEmpty { return Optional.none }
        return .array(elements)
    }
}
