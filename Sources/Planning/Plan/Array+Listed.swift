extension Array<String> {
    /// The first few elements and the number of the others. It keeps messages short and within the API server's limits.
    func listed(atMost limit: Int = 10) -> String {
        let first = prefix(limit).joined(separator: ", ")
        return count > limit ? "\(first) and \(count - limit) more" : first
    }
}
