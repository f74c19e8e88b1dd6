/// An immutable value on the heap, shared by all holders of the box.
///
/// It lets a type contain itself. It also saves memory: hash tables keep spare slots, and the slot of a box has 8 bytes
/// regardless of the size of the value.
public final class Boxed<Value: Sendable>: Sendable {
    /// The value.
    public let value: Value

    /// Boxes a value.
    public init(_ value: Value) { self.value = value }
}

extension Boxed: Equatable where Value: Equatable {
    /// Whether the values are equal.
    public static func == (left: Boxed, right: Boxed) -> Bool { left === right || left.value == right.value }
}

extension Boxed: Hashable where Value: Hashable {
    /// Feeds the value to a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
