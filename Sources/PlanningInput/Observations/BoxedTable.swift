public import Kube

/// Values by key, each in a box of its own: a table of thousands of values stays small and shares them with other
/// tables.
public struct BoxedTable<Value: Sendable>: Sendable {
    private var boxes: [ObjectKey: Boxed<Value>] = [:]

    /// An empty table.
    public init() {}

    /// The value of a key.
    public subscript(key: ObjectKey) -> Value? { boxes[key]?.value }
    /// All keys, in no order.
    public var keys: some Collection<ObjectKey> { boxes.keys }
    /// All values, in no order.
    public var values: some Collection<Value> { boxes.values.lazy.map(\.value) }
    /// How many there are.
    public var count: Int { boxes.count }

    mutating func set(_ box: Boxed<Value>?, for key: ObjectKey) { boxes[key] = box }
}
