/// How a value is divided into parts that can be owned and merged on their own: what structured-merge-diff's schema says.
///
/// A shape is about lists and maps only; whether a value is right is its schema's to say.
public indirect enum MergeShape: Sendable {
    /// One part, whatever is inside.
    case atomic
    /// An object with named fields, each of a shape of its own; fields that are not named have the shape `others`.
    case fields([String: MergeShape], others: Others)
    /// An object whose members are entries of a map, all of one shape.
    case map(MergeShape)
    /// A list of objects told apart by some of their members.
    case list(Keys, MergeShape)
    /// A list of scalars that holds each of them once.
    case set

    /// What is known of the fields that a shape does not name.
    public enum Others: Sendable {
        /// They are named fields too: objects have named fields in turn, lists are atomic. So it is with the built-in
        /// kinds, of which only what differs from that is written down.
        case named
        /// They are data of which nothing is known: objects are maps, lists are atomic.
        case unknown
        /// They are entries of a map.
        case entries(MergeShape)
    }

    /// The members that tell the elements of a list apart.
    public struct Keys: Sendable {
        /// The names, and the value that stands in where an element has no such member.
        public var names: [(name: String, fallback: JSON?)]
        /// The one member by which strategic merge patches tell elements apart; nil where they replace the list.
        public var patchKey: String?

        /// Keys by these members.
        public init(names: [(name: String, fallback: JSON?)], patchKey: String?) {
            self.names = names
            self.patchKey = patchKey
        }
    }

    /// Named fields all the way down, lists atomic.
    public static let named = MergeShape.fields([:], others: .named)
    /// Data of which nothing is known.
    public static let unknown = MergeShape.fields([:], others: .unknown)

    /// A list told apart by members, the first of which is the one for strategic merge patches.
    public static func list(by names: String..., of element: MergeShape = .named) -> MergeShape {
        .list(Keys(names: names.map { ($0, nil) }, patchKey: names.first), element)
    }

    /// Named fields of which those given differ from ``named``.
    public static func object(_ fields: [String: MergeShape]) -> MergeShape { .fields(fields, others: .named) }

    /// The shape of an object's member, and whether the member is a named field rather than a map's entry.
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
