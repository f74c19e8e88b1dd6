import YAML

extension CommandFailure {
    /// A file that is not valid YAML, or not what is expected in it.
    init(_ error: YAMLError, in file: String) {
        line = "\(file):\(error.position): error: \(error.reason)"
    }
}
