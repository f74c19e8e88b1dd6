/// How a value divides into parts that are owned and merged separately: the schema of structured-merge-diff.
///
/// A shape covers only lists and maps. Validation is up to ``Schema``.
public indirect enum MergeShape: Sendable {
    /// One part as a whole.
    case atomic
    /// An object with named fields, each with its own shape; all other fields have the shape `others`.
    case fields([String: MergeShape], others: Others)
    /// An object whose members are map entries, all with the same shape.
    case map(MergeShape)
    /// A list of objects identified by some of their members.
    case list(Keys, MergeShape)
    /// A list of unique scalars.
    case set

    /// The shape of the fields that ``fields(_:others:)`` does not name.
    public enum Others: Sendable {
        /// Named fields: objects in turn have named fields, lists are atomic.
        ///
        /// This is the default for built-in kinds, so their shapes list only the exceptions.
        case named
        /// Data without a schema: objects are maps, lists are atomic.
        case unknown
        /// Map entries.
        case entries(MergeShape)
    }

    /// The members that identify the elements of a list.
    public struct Keys: Sendable {
        /// The names, each with the default for elements without that member.
        public var names: [(name: String, fallback: JSON?)]
        /// The member that identifies elements in strategic merge patches; nil if patches replace the list.
        public var patchKey: String?

        /// Creates keys.
        public init(names: [(name: String, fallback: JSON?)], patchKey: String?) {
            self.names = names
            self.patchKey = patchKey
        }
    }

    /// An object with named fields at every level and atomic lists.
    public static let named = MergeShape.fields([:], others: .named)
    /// Data without a schema.
    public static let unknown = MergeShape.fields([:], others: .unknown)

    /// A list whose elements are identified by members; strategic merge patches use the first.
    public static func list(by names: String..., of element: MergeShape = .named) -> MergeShape {
        .list(Keys(names: names.map { ($0, nil) }, patchKey: names.first), element)
    }

    /// An object with named fields, of which the given ones differ from ``named``.
    public static func object(_ fields: [String: MergeShape]) -> MergeShape { .fields(fields, others: .named) }

    /// The shape of an object's member, and whether the member is a named field rather than a map entry.
    public func member(_ name: String) -> (shape: MergeShape, isNamed: Bool) {
        switch self {
        case .fields(let fields, let others):
            if let shape = fields[name] { return (shape, true) }
            return switch others {
            case .named: (.named, true)
            case .unknown: (.unknown, false)
            case .entries(let shape): (shape, false)
            }
        case .map(let shape): return (shape, false)
        case .atomic, .list, .set: return (.unknown, false)
        }
    }

    /// The shape of a list's elements.
    public var element: MergeShape {
        if case .list(_, let element) = self { element } else { .unknown }
    }
}
