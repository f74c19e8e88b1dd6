public import Kube

/// The file that `--receive.hashrings-file` names: hashrings in the order in which Thanos tries them.
public struct HashringFile: Sendable, Hashable {
    /// The rings; a tenant goes to the first that serves it.
    public var rings: [Hashring]

    /// A file of these rings.
    public init(_ rings: [Hashring]) { self.rings = rings }

    /// The ring that a tenant's series go to, or nil where Thanos would refuse them.
    public func ring(servingTenant tenant: String) -> Hashring? { rings.first { $0.serves(tenant) } }

    /// What `thanos_receive_config_hash` shows once receivers have read a file of this text: the first 6 bytes of its
    /// SHA-256, little-endian. It proves arrival, not use: Thanos sets it before it builds the rings.
    public static func configHash(of text: String) -> UInt64 {
        SHA256.digest(Array(text.utf8)).prefix(6).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Why a text cannot be read as a hashring file.
public struct HashringFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the text.
    public enum Place: Sendable, Hashable {
        /// After so many bytes.
        case offset(Int)
        /// At a field.
        case field(FieldPath)
    }

    /// What is wrong, lower case, on one line, without the place.
    public var reason: String
    /// Where.
    public var place: Place

    /// An error at a field.
    init(_ field: FieldPath, _ reason: String) { (place, self.reason) = (.field(field), reason) }

    /// The text is no JSON.
    init(_ error: JSONSyntaxError) { (place, reason) = (.offset(error.offset), error.reason) }

    /// What is wrong and where.
    public var description: String {
        switch place {
        case .offset(let offset): "not valid JSON at byte \(offset): \(reason)"
        case .field(let field): field.steps.isEmpty ? reason : "\(field): \(reason)"
        }
    }
}
