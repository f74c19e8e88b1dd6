import Kube

extension PrinterColumn {
    /// The object's name.
    static let name = PrinterColumn(
        "Name", format: "name", description: "Name of the object, unique within its namespace."
    ) {
        object, _ in .string(object.name)
    }

    /// How long ago the object was created.
    static let age = PrinterColumn("Age", description: "Time since the object was created.") { object, now in
        .string(Age.text(since: object.json["metadata", "creationTimestamp"]?.string, now: now))
    }

    /// When the object was created. kubectl prints dates as the server sends them.
    static let created = PrinterColumn("Created At", type: "date", description: "Time when the object was created.") {
        object, _ in object.json["metadata", "creationTimestamp"] ?? .null
    }

    /// A column with the text at a path, or a fallback if there is none.
    static func text(
        _ name: String, _ path: String..., fallback: String = "", priority: Int = 0
    ) -> PrinterColumn {
        PrinterColumn(name, priority: priority) { object, _ in
            .string(object.json[path: path].map(plainText) ?? fallback)
        }
    }

    /// A column with the number at a path, or 0 if there is none.
    static func number(_ name: String, _ path: String...) -> PrinterColumn {
        PrinterColumn(name, type: "integer") { object, _ in JSON(object.json[path: path]?.int ?? 0) }
    }

    /// The names and images of a workload's containers, which `-o wide` adds.
    static let containers: [PrinterColumn] = [
        PrinterColumn("Containers", priority: 1) { object, _ in joined(containerTemplates(object), "name") },
        PrinterColumn("Images", priority: 1) { object, _ in joined(containerTemplates(object), "image") },
    ]

    /// A workload's selector.
    static let selector = PrinterColumn("Selector", priority: 1) { object, _ in
        .string(selectorText(object.json["spec", "selector"]))
    }

    /// A selector in the form of the query parameter: `<none>` if it selects everything, `<error>` if it cannot be read.
    static func selectorText(_ selector: JSON?) -> String {
        guard let selector = try? (selector ?? [:]).decode(LabelSelector.self) else { return "<error>" }
        let text = selector.queryValue
        return text.isEmpty ? "<none>" : text
    }

    /// Labels as `a=b,c=d`; `<none>` if there are none.
    static func labelText(_ labels: JSON?) -> String {
        let labels = labels?.strings ?? [:]
        if labels.isEmpty { return "<none>" }
        return labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    /// The first three texts and how many follow; `none` if the list is empty.
    static func firstThree(_ texts: [String], none: String = "<none>") -> String {
        if texts.isEmpty { return none }
        let shown = texts.prefix(3).joined(separator: ",")
        return texts.count > 3 ? "\(shown) + \(texts.count - 3) more..." : shown
    }

    /// A scalar without quotes.
    static func plainText(_ value: JSON) -> String { value.string ?? value.description }

    private static func containerTemplates(_ object: Object) -> [JSON] {
        object.json["spec", "template", "spec", "containers"]?.array ?? []
    }

    private static func joined(_ containers: [JSON], _ member: String) -> JSON {
        .string(containers.map { $0[member]?.string ?? "" }.joined(separator: ","))
    }
}
