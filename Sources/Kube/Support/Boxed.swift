/// A value in memory of its own, which never changes and which everyone who holds the box shares.
///
/// Tables keep a free place for every few entries they have; a place for a box is 8 bytes, whatever the value's size.
public final class Boxed<Value: Sendable>: Sendable {
    /// The value.
    public let value: Value

    /// Puts a value into a box.
    public init(_ value: Value) { self.value = value }
}

extension Boxed: Equatable where Value: Equatable {
    /// Whether the values are equal.
    public static func == (left: Boxed, right: Boxed) -> Bool { left === right || left.value == right.value }
}

extension Boxed: Hashable where Value: Hashable {
    /// Hashes the value.
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
