import Kube

extension PrinterColumn {
    /// The columns of one version of a CustomResourceDefinition: the name, and then what `additionalPrinterColumns` says,
    /// or the age where it says nothing.
    static func columns(of version: JSON) -> [PrinterColumn] {
        let columns = (version["additionalPrinterColumns"]?.array ?? []).compactMap(PrinterColumn.init(definition:))
        return [.name] + (columns.isEmpty ? [.age] : columns)
    }

    /// A column as a CustomResourceDefinition describes it.
    private init?(definition: JSON) {
        guard let name = definition["name"]?.string, let text = definition["jsonPath"]?.string else { return nil }
        let type = definition["type"]?.string ?? "string"
        let path = JSONPath(text)
        self.init(
            name, type: type, format: definition["format"]?.string ?? "",
            description: definition["description"]?.string
                ?? "Custom resource definition column (in JSONPath format): \(text)",
            priority: definition["priority"]?.int ?? 0
        ) { object, now in
            guard let value = path?.values(in: object.json).first else { return .null }
            return Self.cell(value, type: type, now: now)
        }
    }

    private static func cell(_ value: JSON, type: String, now: Timestamp) -> JSON {
        switch (type, value) {
        case ("integer", .int), ("number", .double), ("boolean", .bool): value
        case ("integer", .double(let number)): Int64(exactly: number.rounded(.towardZero)).map(JSON.int) ?? .null
        case ("number", .int(let number)): .double(Double(number))
        case ("date", .string(let moment)): .string(Age.text(since: moment, now: now))
        case ("string", .null): "<nil>"
        case ("string", _): .string(plainText(value))
        default: .null
        }
    }
}
