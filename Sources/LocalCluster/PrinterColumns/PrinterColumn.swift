import Kube

/// A column of the table that `kubectl get` shows: `meta/v1` TableColumnDefinition, and how its cells are made.
struct PrinterColumn: Sendable {
    var name: String
    /// `string`, `integer`, `number`, `boolean` or `date`.
    var type: String
    var format: String
    var description: String
    /// 0 is always shown, higher numbers with `-o wide` only.
    var priority: Int
    /// Makes the cell for an object, null where there is nothing to show; the moment is the present, for ages.
    var cell: @Sendable (Object, Timestamp) -> JSON

    /// A column.
    init(
        _ name: String, type: String = "string", format: String = "", description: String = "", priority: Int = 0,
        cell: @escaping @Sendable (Object, Timestamp) -> JSON
    ) {
        self.name = name
        self.type = type
        self.format = format
        self.description = description
        self.priority = priority
        self.cell = cell
    }
}
