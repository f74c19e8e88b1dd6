import Kube

extension PrinterColumn {
    /// The columns of one version of a CustomResourceDefinition: the name, then its `additionalPrinterColumns`, or the
    /// age if it has none.
    ///
    /// As in kube-apiserver, columns from the first one on whose path cannot be read are left out.
    static func columns(of version: JSON) -> [PrinterColumn] {
        let definitions = version["additionalPrinterColumns"]?.array ?? []
        if definitions.isEmpty { return [.name, .age] }
        var columns: [PrinterColumn] = [.name]
        for definition in definitions {
            guard let column = PrinterColumn(definition: definition) else { break }
            columns.append(column)
        }
        return columns
    }

    /// A column as a CustomResourceDefinition describes it; nil if its path cannot be read.
    private init?(definition: JSON) {
        guard let name = definition["name"]?.string, let type = definition["type"]?.string,
            let text = definition["jsonPath"]?.string, let path = JSONPath(text)
        else { return nil }
        self.init(
            name, type: type, format: definition["format"]?.string ?? "",
            description: definition["description"]?.string
                ?? "Custom resource definition column (in JSONPath format): \(text)",
            priority: definition["priority"]?.int ?? 0
        ) { object, now in
            guard let value = path.values(in: object.json).first else { return .null }
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
