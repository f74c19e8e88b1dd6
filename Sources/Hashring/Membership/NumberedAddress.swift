/// The address of a StatefulSet's pod, taken apart: `receive-3.receive.observability.svc.cluster.local:10901` is number 3
/// of its series.
struct NumberedAddress {
    /// What the addresses of one StatefulSet's pods have in common.
    struct Series: Hashable {
        private var name: Substring
        private var rest: Substring

        fileprivate init(_ name: Substring, _ rest: Substring) { (self.name, self.rest) = (name, rest) }
    }

    var series: Series
    var number: Int

    /// Takes an address apart; nil where its first label does not end in a number.
    init?(_ address: String) {
        let pod = address.prefix { $0 != "." && $0 != ":" }
        guard let dash = pod.lastIndex(of: "-"), let number = Int(pod[dash...].dropFirst()), number >= 0 else {
            return nil
        }
        self.number = number
        series = Series(pod[..<dash], address[pod.endIndex...])
    }
}
