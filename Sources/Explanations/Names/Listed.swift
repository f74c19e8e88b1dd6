extension Collection<String> {
    /// The texts in a line, at most so many of them.
    func listed(most: Int = 8) -> String {
        let rest = count - most
        return prefix(most).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
