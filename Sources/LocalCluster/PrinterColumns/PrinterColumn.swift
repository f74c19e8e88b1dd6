import Kube

/// A column of the table that `kubectl get` prints: `meta/v1` TableColumnDefinition, and a function that makes its cells.
struct PrinterColumn: Sendable {
    var name: String
    /// `string`, `integer`, `number`, `boolean` or `date`.
    var type: String
    var format: String
    var description: String
    /// 0 for columns that are always shown; higher numbers show with `-o wide` only.
    var priority: Int
    /// Makes the cell of an object; null if there is nothing to show. The timestamp is the current time, for ages.
    var cell: @Sendable (Object, Timestamp) -> JSON

    /// Creates a column.
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
