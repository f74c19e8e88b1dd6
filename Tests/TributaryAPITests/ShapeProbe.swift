import Kube
import TributaryAPI

/// What the `init(from:)` of a type decodes, found by running it on a decoder that records each request.
indirect enum Shape: Equatable, CustomStringConvertible {
    case string, integer, number, boolean
    /// An integer or else a string.
    case intOrString
    /// Any JSON.
    case any
    case list(Shape)
    case map(Shape)
    case object([String: Member])

    struct Member: Equatable {
        var shape: Shape
        var isRequired: Bool
    }

    var description: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "a boolean"
        case .intOrString: "an integer or a string"
        case .any: "anything"
        case .list(let element): "a list of \(element)"
        case .map(let value): "a map of \(value)"
        case .object(let members): "an object of \(members.keys.sorted().joined(separator: ", "))"
        }
    }

    /// The shape of a type. For types that accept only certain strings, `samples` are tried.
    init<T: Decodable>(of type: T.Type, samples: [String] = []) throws {
        self = try Probe.run(type, samples: samples).1
    }
}

/// Why the shape of a type cannot be determined.
struct ShapeError: Error, CustomStringConvertible { var description: String }

/// Samples for strings that must be one of several values.
private let words = ["Exists", "True"]

private final class Probe: Decoder {
    var shape: Shape?
    var sample: String
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ codingPath: [any CodingKey], sample: String) {
        self.codingPath = codingPath
        self.sample = sample
    }

    /// A value with sample content, and the shape that its decoding requested.
    static func run<T: Decodable>(_ type: T.Type, _ path: [any CodingKey] = [], samples: [String] = []) throws -> (
        T, Shape
    ) {
        if type == JSON.self, let null = JSON.null as? T { return (null, .any) }
        // Its `init(from:)` accepts the first form that fits, so the other would never be recorded.
        if type == IntOrString.self, let zero = IntOrString.int(0) as? T { return (zero, .intOrString) }
        var failure: (any Error)?
        for sample in ["sample"] + samples + words {
            let probe = Probe(path, sample: sample)
            do {
                let value = try T(from: probe)
                guard let shape = probe.shape else { throw ShapeError(description: "\(T.self) asks for nothing") }
                return (value, shape)
            } catch {
                failure = error
            }
        }
        throw ShapeError(description: "\(T.self) at \(path.map(\.stringValue)): \(failure.map { "\($0)" } ?? "")")
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        if shape == nil { shape = .object([:]) }
        return KeyedDecodingContainer(KeyedProbe<Key>(probe: self))
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { UnkeyedProbe(probe: self) }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { SingleProbe(probe: self) }

    func note(_ key: any CodingKey, _ shape: Shape, isRequired: Bool) {
        // Dictionaries decode the one key that `allKeys` returns.
        if key.stringValue == KeyedProbe<PathKey>.anyKey {
            self.shape = .map(shape)
            return
        }
        guard case .object(var members)? = self.shape else { return }
        members[key.stringValue] = Shape.Member(shape: shape, isRequired: isRequired)
        self.shape = .object(members)
    }
}

private struct PathKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

private struct KeyedProbe<Key: CodingKey>: KeyedDecodingContainerProtocol {
    static var anyKey: String { "<any>" }
    let probe: Probe
    var codingPath: [any CodingKey] { probe.codingPath }
    var allKeys: [Key] { [Key(stringValue: Self.anyKey)].compactMap { $0 } }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) throws -> Bool { false }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try value(type, key, isRequired: true) }
    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        _ = try value(type, key, isRequired: false)
        return nil
    }

    private func value<T: Decodable>(_ type: T.Type, _ key: Key, isRequired: Bool) throws -> T {
        let (value, shape) = try Probe.run(type, codingPath + [key])
        probe.note(key, shape, isRequired: isRequired)
        return value
    }

    // The overloads for primitive types do the same.
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(type, key, isRequired: true) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(type, key, isRequired: true) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(type, key, isRequired: true) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(type, key, isRequired: true) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(type, key, isRequired: true) }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try absent(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try absent(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try absent(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try absent(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try absent(type, key) }

    private func absent<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T? {
        _ = try value(type, key, isRequired: false)
        return nil
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw ShapeError(description: "nested containers are not probed") }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw ShapeError(description: "nested containers are not probed")
    }
    func superDecoder() throws -> any Decoder { throw ShapeError(description: "super is not probed") }
    func superDecoder(forKey key: Key) throws -> any Decoder { try superDecoder() }
}

private struct UnkeyedProbe: UnkeyedDecodingContainer {
    let probe: Probe
    var codingPath: [any CodingKey] { probe.codingPath }
    var count: Int? { 1 }
    var currentIndex = 0
    var isAtEnd: Bool { currentIndex > 0 }

    init(probe: Probe) { self.probe = probe }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let (value, shape) = try Probe.run(type, codingPath)
        probe.shape = .list(shape)
        currentIndex += 1
        return value
    }
    mutating func decodeNil() throws -> Bool { false }
    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { throw ShapeError(description: "nested containers are not probed") }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw ShapeError(description: "nested containers are not probed")
    }
    mutating func superDecoder() throws -> any Decoder { throw ShapeError(description: "super is not probed") }
}

private struct SingleProbe: SingleValueDecodingContainer {
    let probe: Probe
    var codingPath: [any CodingKey] { probe.codingPath }

    func decodeNil() -> Bool { false }
    func decode(_ type: Bool.Type) throws -> Bool {
        probe.shape = .boolean
        return false
    }
    func decode(_ type: String.Type) throws -> String {
        probe.shape = .string
        return probe.sample
    }
    func decode(_ type: Double.Type) throws -> Double {
        probe.shape = .number
        return 0
    }
    func decode<T: Decodable & FixedWidthInteger>(_ type: T.Type) throws -> T {
        probe.shape = .integer
        return 0
    }
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let (value, shape) = try Probe.run(type, codingPath)
        probe.shape = shape
        return value
    }
}
