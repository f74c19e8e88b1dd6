import Kube
import OrderedCollections

/// Short forms in which the schemas beside the types are written. Every one has the description that
/// `kubectl explain` shows, and a bound on its size: the API server reckons the cost of CEL rules by those bounds.
extension Schema {
    /// The members of an object, in the order in which they are shown.
    typealias Properties = OrderedDictionary<String, Schema>

    /// An object with members that it shares with others behind its own.
    static func object(
        _ properties: Properties, and shared: Properties, required: [String] = [], description: String? = nil
    ) -> Schema {
        .object(properties.merging(shared) { own, _ in own }, required: required, description: description)
    }

    /// A string of at most `max` characters and at least one.
    static func text(_ description: String, max: Int = 253, pattern: String? = nil) -> Schema {
        .string(description).with {
            $0.minLength = 1
            $0.maxLength = max
            $0.pattern = pattern
        }
    }

    /// A string that is one of some words.
    static func choice(_ description: String, _ words: [String]) -> Schema {
        .string(description).with { $0.allowedValues = words.map(JSON.string) }
    }

    /// An `int32` within bounds.
    static func count(_ description: String, from least: Int = 0, to most: Int? = nil) -> Schema {
        .integer(description, format: "int32").with {
            $0.minimum = Double(least)
            $0.maximum = most.map(Double.init)
        }
    }

    /// An `int64` within bounds.
    static func largeCount(_ description: String, from least: Int = 0) -> Schema {
        .integer(description, format: "int64").with { $0.minimum = Double(least) }
    }

    /// An HTTP or HTTPS URL.
    static func url(_ description: String) -> Schema {
        .text(description, max: 2048, pattern: #"^https?://[^\s/]+\S*$"#)
    }

    /// A duration as Prometheus writes it.
    static func duration(_ description: String) -> Schema {
        .text(
            description, max: 64,
            pattern: "^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$")
    }

    /// A name of an object that becomes part of a DNS name (RFC 1123 subdomain).
    static func objectName(_ description: String) -> Schema {
        .text(description, pattern: #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#)
    }

    /// A namespace's name (RFC 1123 label).
    static func namespaceName(_ description: String) -> Schema {
        .text(description, max: 63, pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
    }

    /// A container image.
    static func image(_ description: String) -> Schema { .text(description, max: 512, pattern: #"^\S+$"#) }

    /// A release's version.
    static func version(_ description: String) -> Schema {
        .text(description, max: 64, pattern: #"^v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$"#)
    }

    /// A quantity as a string or a number.
    static func quantity(_ description: String) -> Schema {
        .intOrString(description).with {
            $0.anyOf = [Schema(type: .integer), Schema(type: .string)]
            $0.maxLength = 32
            $0.pattern = quantityPattern
        }
    }

    /// A quantity from 0 to 1.
    static func fraction(_ description: String) -> Schema {
        .quantity(description).with { $0.pattern = #"^(0?\.[0-9]+|0|1|[01]\.0+|[0-9]{1,3}m|1000m)$"# }
    }

    /// A number of bytes as Prometheus writes it.
    static func byteSize(_ description: String) -> Schema {
        .text(description, max: 32, pattern: "^(0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B)$")
    }

    /// A quantity that is only written as a string, such as a volume's size.
    static func size(_ description: String) -> Schema { .text(description, max: 32, pattern: quantityPattern) }

    private static var quantityPattern: String {
        #"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"#
    }

    /// A list whose elements are told apart by members, so that several appliers can each own elements.
    static func list(of items: Schema, by keys: String..., max: Int, _ description: String) -> Schema {
        .array(of: items, description: description).with {
            $0.listType = keys.isEmpty ? .atomic : .map
            $0.listMapKeys = keys
            $0.maxItems = max
        }
    }

    /// A list in which no element is there twice.
    static func set(of items: Schema, max: Int, _ description: String) -> Schema {
        .array(of: items, description: description).with {
            $0.listType = .set
            $0.maxItems = max
        }
    }

    /// An object of strings with any names.
    static func strings(_ description: String, max: Int = 64, length: Int = 4096) -> Schema {
        .map(of: .string().with { $0.maxLength = length }, description: description).with { $0.maxProperties = max }
    }
}

extension Schema {
    /// A path in the container.
    static func filePath(_ description: String) -> Schema { .text(description, max: 4096) }
}
