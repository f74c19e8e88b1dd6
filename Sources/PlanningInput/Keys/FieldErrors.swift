public import Kube

extension Collection<FieldError> {
    /// The first problem, which says how many others there are; nil without any. A status has room for one.
    public var summary: FieldError? {
        guard let first else { return nil }
        guard count > 1 else { return first }
        return FieldError(first.path, "\(first.problem) (and \(count - 1) more)")
    }
}
