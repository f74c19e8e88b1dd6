import Crypto
public import Kube

/// The file that `--receive.hashrings-file` names: hashrings in the order in which Thanos tries them.
public struct HashringFile: Sendable, Hashable {
    /// The hashrings; a tenant goes to the first that serves it.
    public var rings: [Hashring]

    /// A file of these hashrings.
    public init(_ rings: [Hashring]) { self.rings = rings }

    /// The hashring that a tenant's series go to; nil if Thanos would refuse them.
    public func ring(servingTenant tenant: String) -> Hashring? { rings.first { $0.serves(tenant) } }

    /// The value of `thanos_receive_config_hash` once receivers have read a file of this text: the first 6 bytes of its
    /// SHA-256, little-endian. It proves arrival, not use: Thanos sets it before it builds the hashrings.
    public static func configHash(of text: String) -> UInt64 {
        SHA256.digest(text).prefix(6).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Why a text cannot be read as a hashring file.
public struct HashringFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A position in the text.
    public enum Place: Sendable, Hashable {
        /// After this number of bytes.
        case offset(Int)
        /// At a field.
        case field(FieldPath)
    }

    /// What is wrong, lower case, on one line, without the place.
    public var reason: String
    /// The position.
    public var place: Place

    /// An error at a field.
    init(_ field: FieldPath, _ reason: String) { (place, self.reason) = (.field(field), reason) }

    /// The text is not JSON.
    init(_ error: JSONSyntaxError) { (place, reason) = (.offset(error.offset), error.reason) }

    /// The position and the reason.
    public var description: String {
        switch place {
        case .offset(let offset): "not valid JSON at byte \(offset): \(reason)"
        case .field(let field): field.steps.isEmpty ? reason : "\(field): \(reason)"
        }
    }
}
