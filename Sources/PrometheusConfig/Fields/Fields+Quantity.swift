import Kube

extension Fields {
    /// A decimal quantity, such as `1.1`.
    ///
    /// prometheus-operator multiplies the digits by a power of ten, and this does the same, so that `1.2` is
    /// 1.2000000000000002 and jobs stay the same.
    func factor(_ key: String) throws(FieldError) -> Double? {
        guard let json = json(key) else { return nil }
        guard let quantity = Quantity(json), quantity.format == .decimalSI else {
            throw FieldError(at(key), "should be a number such as 1.1, not \(json.text())")
        }
        let text = json.string ?? json.text()
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].allSatisfy(\.isWholeNumber), let digits = Double("\(parts[0])\(parts[1])"),
            let scale = Double("1e-\(parts[1].count)")
        else { return quantity.approximateValue }
        let factor = parts[1].isEmpty ? digits : digits * scale
        // Hundreds of digits exceed the range of Double.
        return factor.isFinite ? factor : quantity.approximateValue
    }
}
