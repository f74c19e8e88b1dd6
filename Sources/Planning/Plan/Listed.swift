extension Array<String> {
    /// The first few, and how many more there are: messages stay short, and within what the API server takes.
    func listed(atMost limit: Int = 10) -> String {
        let first = prefix(limit).joined(separator: ", ")
        return count > limit ? "\(first) and \(count - limit) more" : first
    }
}
