public import Kube

/// One of Tributary's kinds: a Swift type with its schema.
public protocol CustomResource: Sendable, Hashable, Codable {
    /// The desired state, which users write.
    associatedtype Spec: Sendable, Hashable, Codable
    /// The observed state, which the operator writes.
    associatedtype Status: Sendable, Hashable, Codable

    /// The kind, and where the API server serves it.
    static var resource: Resource { get }
    /// The structural schema in the CustomResourceDefinition.
    static var schema: Schema { get }
    /// The CustomResourceDefinition.
    static var crd: JSON { get }

    /// The metadata of the object.
    var metadata: ObjectMeta { get set }
    /// The desired state.
    var spec: Spec { get set }
    /// The observed state; nil before the operator first reports it.
    var status: Status? { get set }

    /// The CEL rules of the schema that the object violates, found without an API server: one error for each.
    func findBrokenRules() -> [FieldError]

    /// Whether a field that the kind does not have is one that somebody who moves over from elsewhere has not written wrong.
    static func isForeign(_ field: FieldPath) -> Bool
}

extension CustomResource {
    /// Decodes an object of this kind.
    ///
    /// Throws ``FieldError``, which names the field that cannot be decoded. A status that cannot be decoded, which
    /// another version may have written, is treated as absent.
    public init(_ object: Object) throws(FieldError) {
        do throws(FieldError) {
            self = try object.json.decode(Self.self)
        } catch {
            guard error.path.steps.first == .key("status") else { throw error }
            var json = object.json
            json["status"] = nil
            self = try json.decode(Self.self)
        }
    }

    /// The namespace and name.
    public var key: ObjectKey { metadata.key }

    /// What is wrong with the object, found without an API server: violated CEL rules, and numbers and durations out of
    /// bounds. An API server with another version of the definition may have accepted them.
    public func validate() -> [FieldError] {
        do {
            let spec = try JSON(encoding: spec)
            let found = Self.schema.properties["spec"]?.findOutOfBounds(spec, at: FieldPath("spec")) ?? []
            return found + findBrokenRules()
        } catch {
            return [FieldError(FieldPath("spec"), "cannot be encoded: \(error)")]
        }
    }

    /// The fields that the schema does not define, which the API server would drop.
    public static func unknownFields(in object: Object) -> [FieldPath] { schema.pruning(object.json).unknown }

    /// Everything that is wrong with an object of this kind: unknown fields, violations of the schema and of its rules.
    public static func problems(in object: Object) -> [FieldError] {
        unknownFields(in: object).map { FieldError($0, "is not a field of \(resource.kind)") } + errors(in: object)
    }

    /// The first of the fields that the schema does not define, each with the name that was probably meant.
    public static func unknownFieldWarnings(in object: Object) -> [FieldError] {
        FieldTree.object(spec: FieldTree(schema.property("spec") ?? Schema()))
            .unknown(in: object.json, renamed: renamedFields, most: mostUnknownFields).map { unknown in
                let kind = resource.kind
                return FieldError(
                    unknown.field,
                    isForeign(unknown.field)
                        ? "is a field of prometheus-operator's \(kind) that Tributary's does not have, and is ignored"
                        : "is not a field of a \(kind), and is ignored\(unknown.question)")
            }
    }

    /// What is wrong with an object of this kind apart from unknown fields, which the API server drops.
    public static func errors(in object: Object) -> [FieldError] {
        let errors = schema.validate(object.json).map(\.inOurWords)
        guard errors.isEmpty else { return errors }
        do throws(FieldError) {
            return (try Self(object)).validate()
        } catch {
            return [error]
        }
    }
}
