import ArgumentParser
import PrometheusConfig

/// The API group of monitors.
struct MonitorGroupOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The API group of ServiceMonitors, PodMonitors, Probes and ScrapeConfigs, for a fork of prometheus-operator such as \
            monitoring.rhobs. Objects of the other group are not read.
            """, valueName: "group"))
    var monitoringGroup = MonitorGroup.standard.name

    func validate() throws {
        guard MonitorGroup(monitoringGroup) != nil else {
            throw ValidationError(
                "--monitoring-group \(monitoringGroup): should be the API group of a fork, such as monitoring.rhobs")
        }
    }

    /// The group.
    var group: MonitorGroup { MonitorGroup(monitoringGroup) ?? .standard }
}
