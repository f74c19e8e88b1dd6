import Kube
import YAML

/// YAML in texts of ConfigMaps.
enum YAMLText {
    static func parse(_ text: String) throws -> JSON { try YAML.parseOne(text).value }
}
