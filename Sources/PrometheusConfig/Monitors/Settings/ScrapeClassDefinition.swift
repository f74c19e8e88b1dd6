public import Kube

/// A scrape class of an agent, by which its monitors share settings: `ScrapeClass` in prometheus-operator.
public struct ScrapeClassDefinition: Sendable, Hashable {
    /// The name by which monitors refer to the class.
    let name: String
    /// Whether the class applies to monitors that do not refer to one.
    let isDefault: Bool
    /// The class in JSON.
    let json: JSON

    /// Reads a class; throws ``FieldError`` for one without a name.
    public init(json: JSON, at path: FieldPath = FieldPath()) throws(FieldError) {
        let fields = try Fields(json, at: path)
        name = try fields.requiredText("name")
        isDefault = try fields.bool("default") ?? false
        self.json = json
    }
}
