import Kube

extension ConfigWriter {
    private static let protocols = [
        "PrometheusProto", "OpenMetricsText0.0.1", "OpenMetricsText1.0.0", "PrometheusText0.0.4",
        "PrometheusText1.0.0",
    ]

    /// Writes `scrape_protocols`, but no list that would be empty without unknown protocols, which Prometheus refuses.
    mutating func setScrapeProtocols(_ spec: Fields) throws(FieldError) {
        let path = spec.at("scrapeProtocols")
        var known: [String] = []
        for (index, name) in (try spec.strings("scrapeProtocols") ?? []).enumerated() {
            let place = path.appending(index)
            guard Self.protocols.contains(name) else {
                throw FieldError(place, "\"\(name)\" should be one of \(Self.protocols.joined(separator: ", "))")
            }
            guard !known.contains(name) else { throw FieldError(place, "\"\(name)\" occurs twice") }
            if name == "PrometheusText1.0.0", version < .init(3, 0) {
                leaveOut(place, "\(name) \(version.needs(.init(3, 0)))")
            } else {
                known.append(name)
            }
        }
        guard !known.isEmpty else { return }
        set("scrape_protocols", JSON(known), since: .init(2, 49), at: path)
    }

    /// Writes `fallback_scrape_protocol` of the monitor or, if it has none, of the class.
    mutating func setFallbackScrapeProtocol(_ spec: Fields, _ scrapeClass: Fields) throws(FieldError) {
        let own = spec.has("fallbackScrapeProtocol") ? spec : scrapeClass
        let name = try own.word("fallbackScrapeProtocol", among: Self.protocols)
        let path = own.at("fallbackScrapeProtocol")
        set("fallback_scrape_protocol", name.map { JSON($0) }, since: .init(3, 0), at: path)
    }

    /// Writes the settings for native and classic histograms.
    mutating func setNativeHistograms(_ spec: Fields) throws(FieldError) {
        func flag(_ key: String) throws(FieldError) -> JSON? { try spec.bool(key).map { .bool($0) } }
        set(
            "scrape_native_histograms", try flag("scrapeNativeHistograms"), since: .init(3, 8),
            at: spec.at("scrapeNativeHistograms"))
        set(
            "native_histogram_bucket_limit", try spec.count("nativeHistogramBucketLimit").map { JSON($0) },
            since: .init(2, 45), at: spec.at("nativeHistogramBucketLimit"))
        set(
            "native_histogram_min_bucket_factor",
            try spec.factor("nativeHistogramMinBucketFactor").map { .double($0) },
            since: .init(2, 50), at: spec.at("nativeHistogramMinBucketFactor"))
        set(
            version.major >= 3 ? "always_scrape_classic_histograms" : "scrape_classic_histograms",
            try flag("scrapeClassicHistograms"), since: .init(2, 45), at: spec.at("scrapeClassicHistograms"))
        set(
            "convert_classic_histograms_to_nhcb", try flag("convertClassicHistogramsToNHCB"), since: .init(3, 0),
            at: spec.at("convertClassicHistogramsToNHCB"))
    }

    /// Writes `params`, even if it is empty.
    mutating func setParams(_ parent: Fields) throws(FieldError) { set("params", try parent.stringLists("params")) }

    /// Writes `scheme` in lower case.
    mutating func setScheme(_ parent: Fields) throws(FieldError) {
        guard let scheme = try parent.text("scheme") else { return }
        guard ["http", "https"].contains(scheme.lowercased()) else {
            throw FieldError(parent.at("scheme"), "\"\(scheme)\" should be http or https")
        }
        set("scheme", JSON(scheme.lowercased()))
    }

    /// Writes `scrape_interval` and `scrape_timeout`; throws ``FieldError`` for a timeout that is longer than the interval.
    mutating func setIntervals(
        _ parent: Fields, interval: String = "interval", timeout: String = "scrapeTimeout", _ settings: MonitorSettings
    ) throws(FieldError) {
        let every = try parent.duration(interval)
        let within = try parent.duration(timeout)
        set("scrape_interval", every.map { JSON($0) })
        set("scrape_timeout", within.map { JSON($0) })
        let text = every ?? settings.scrapeInterval
        if let within, let most = PrometheusDuration(text), let time = PrometheusDuration(within), time > most {
            let problem = "\(within) is longer than the \(every == nil ? "agent's scrape interval" : interval) \(text)"
            throw FieldError(parent.at(timeout), problem)
        }
    }

    /// Writes `honor_labels`: false if the agent overrides it.
    mutating func setHonorLabels(_ honors: Bool, _ settings: MonitorSettings) {
        set("honor_labels", .bool(honors && !settings.overrideHonorLabels))
    }

    /// Writes `honor_timestamps` if the monitor sets it or the agent overrides it.
    mutating func setHonorTimestamps(_ honors: Bool?, _ settings: MonitorSettings) {
        guard honors != nil || settings.overrideHonorTimestamps else { return }
        set("honor_timestamps", .bool((honors ?? false) && !settings.overrideHonorTimestamps))
    }
}
