import Kube
import YAML

extension String {
    /// This text with every occurrence of a part replaced.
    func replacing(_ part: String, with other: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            result += rest[..<range.lowerBound] + other
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

/// YAML in texts of ConfigMaps.
enum YAMLText {
    static func parse(_ text: String) throws -> JSON { try YAML.parseOne(text).value }
}
