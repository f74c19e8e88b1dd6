/// The address of a StatefulSet's pod, taken apart: `receive-3.receive.observability.svc.cluster.local:10901` is number
/// 3 of its series.
struct NumberedAddress {
    /// What the addresses of one StatefulSet's pods have in common.
    struct Series: Hashable {
        fileprivate var statefulSet: String
        fileprivate var rest: Substring
    }

    var series: Series
    var number: Int

    /// Takes an address apart; nil if its first label is not the name of a StatefulSet's pod.
    init?(_ address: String) {
        let label = address.prefix { $0 != "." && $0 != ":" }
        guard let pod = PodName(label) else { return nil }
        number = pod.ordinal
        series = Series(statefulSet: pod.statefulSet, rest: address[label.endIndex...])
    }
}
