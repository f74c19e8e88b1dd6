import PrometheusConfig
import TributaryAPI

extension ThanosSpec {
    /// Whether receivers take samples that are older than the newest ones of their series.
    var takesOutOfOrder: Bool {
        (outOfOrderTimeWindow.flatMap { PrometheusDuration($0)?.milliseconds } ?? 0) > 0
    }
}
