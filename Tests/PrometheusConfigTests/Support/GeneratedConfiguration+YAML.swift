import YAML

@testable import PrometheusConfig

extension GeneratedConfiguration {
    /// The text of the file, nil if a problem is fatal.
    var yaml: String? { json.map { YAML.write($0) } }
}
