/// The label that is forced on every series.
struct TenantLabel: Sendable, Hashable {
    /// The name in bytes: names of labels are compared so.
    let name: [UInt8]
    /// The tenant's id in bytes.
    let id: [UInt8]

    init(name: String, id: String) {
        self.name = Array(name.utf8)
        self.id = Array(id.utf8)
    }

    /// How a label's name compares to the name of this one.
    enum Order: UInt8 {
        case before, same, after
    }

    /// Compares a label's name, a part of a message, to the name of this one, byte by byte as Prometheus does.
    func order(of range: Range<Int>, in message: [UInt8]) -> Order {
        for (index, own) in zip(range, name) {
            let byte = message[index]
            if byte != own { return byte < own ? .before : .after }
        }
        return range.count == name.count ? .same : range.count < name.count ? .before : .after
    }
}
