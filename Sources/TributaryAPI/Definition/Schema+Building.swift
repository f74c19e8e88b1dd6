import Kube
import OrderedCollections

/// Shorthands for the schemas of the types.
///
/// Each takes the description that `kubectl explain` shows, and bounds the size of the value, from which the API server
/// estimates the cost of CEL rules.
extension Schema {
    /// The members of an object, in the order in which `kubectl explain` shows them.
    typealias Properties = OrderedDictionary<String, Schema>

    /// An object with its own members, followed by members that it shares with other objects.
    static func object(
        _ properties: Properties, and shared: Properties, required: [String] = [], description: String? = nil
    ) -> Schema {
        .object(properties.merging(shared) { own, _ in own }, required: required, description: description)
    }

    /// A string of 1 to `max` characters.
    static func text(_ description: String, max: Int = 253, pattern: String? = nil) -> Schema {
        .string(description).with {
            $0.minLength = 1
            $0.maxLength = max
            $0.pattern = pattern
        }
    }

    /// A string that is one of several values.
    static func choice(_ description: String, _ words: [String]) -> Schema {
        .string(description).with { $0.allowedValues = words.map(JSON.string) }
    }

    /// An `int32` within bounds, both inclusive.
    static func count(_ description: String, from least: Int = 0, to most: Int? = nil) -> Schema {
        .integer(description, format: "int32").with {
            $0.minimum = Double(least)
            $0.maximum = most.map(Double.init)
        }
    }

    /// An `int32` in a range.
    static func count(_ description: String, in range: ClosedRange<Int>) -> Schema {
        .count(description, from: range.lowerBound, to: range.upperBound)
    }

    /// An `int64` with a lower bound, inclusive.
    static func largeCount(_ description: String, from least: Int = 0) -> Schema {
        .integer(description, format: "int64").with { $0.minimum = Double(least) }
    }

    /// An HTTP or HTTPS URL.
    static func url(_ description: String) -> Schema {
        .text(description, max: 2048, pattern: #"^https?://[^\s/]+\S*$"#)
    }

    /// A duration in the syntax of Prometheus.
    static func duration(_ description: String) -> Schema {
        .text(
            description, max: 64,
            pattern: DurationText.pattern)
    }

    /// The name of an object: an RFC 1123 subdomain.
    static func objectName(_ description: String) -> Schema {
        .text(description, pattern: #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#)
    }

    /// The name of a namespace: an RFC 1123 label.
    static func namespaceName(_ description: String) -> Schema {
        .text(description, max: 63, pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
    }

    /// A container image.
    static func image(_ description: String) -> Schema { .text(description, max: 512, pattern: #"^\S+$"#) }

    /// A semantic version, with or without a leading `v`.
    static func version(_ description: String) -> Schema {
        .text(description, max: 64, pattern: #"^v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$"#)
    }

    /// A quantity of Kubernetes, as a string or a number.
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

    /// A size in bytes, in the syntax of Prometheus.
    static func byteSize(_ description: String) -> Schema {
        .text(description, max: 32, pattern: "^(0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B)$")
    }

    /// A quantity of Kubernetes that must be a string, such as the size of a volume.
    static func size(_ description: String) -> Schema { .text(description, max: 32, pattern: quantityPattern) }

    private static var quantityPattern: String {
        #"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"#
    }

    /// A list whose elements are identified by keys, so that each can have another field manager; atomic without keys.
    static func list(of items: Schema, by keys: String..., max: Int, _ description: String) -> Schema {
        .array(of: items, description: description).with {
            $0.listType = keys.isEmpty ? .atomic : .map
            $0.listMapKeys = keys
            $0.maxItems = max
        }
    }

    /// A list without duplicates.
    static func set(of items: Schema, max: Int, _ description: String) -> Schema {
        .array(of: items, description: description).with {
            $0.listType = .set
            $0.maxItems = max
        }
    }

    /// A map of strings.
    static func strings(_ description: String, max: Int = 64, length: Int = 4096) -> Schema {
        .map(of: .string().with { $0.maxLength = length }, description: description).with { $0.maxProperties = max }
    }
}

extension Schema {
    /// The path of a file in the container.
    static func filePath(_ description: String) -> Schema { .text(description, max: 4096) }
}
