public import Kube

/// One of Tributary's kinds: a Swift type and, from the same place, its schema.
public protocol CustomResource: Sendable, Hashable, Codable {
    /// What the user asks for.
    associatedtype Spec: Sendable, Hashable, Codable
    /// What the operator says.
    associatedtype Status: Sendable, Hashable, Codable

    /// The kind and where the API server serves it.
    static var resource: Resource { get }
    /// The structural schema, as it stands in the CustomResourceDefinition.
    static var schema: Schema { get }
    /// The CustomResourceDefinition as it is applied.
    static var crd: JSON { get }

    var metadata: ObjectMeta { get set }
    var spec: Spec { get set }
    var status: Status? { get set }

    /// What the CEL rules of the schema find wrong, found without an API server: one error for each rule that is broken.
    func validate() -> [FieldError]
}

extension CustomResource {
    /// Reads an object of this kind; ``FieldError`` names the field that does not fit.
    ///
    /// A status that does not fit, left by another version, is no reason to refuse the object: it reads as absent.
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

    /// The fields that the schema does not name and that the API server would drop.
    public static func unknownFields(in object: Object) -> [FieldPath] { schema.pruning(object.json).unknown }

    /// Everything that is wrong with an object of this kind: unknown fields, what the schema refuses, broken rules.
    public static func problems(in object: Object) -> [FieldError] {
        let unknown = unknownFields(in: object).map { FieldError($0, "is not a field of \(resource.kind)") }
        let errors = unknown + schema.validate(object.json).map(\.inOurWords)
        guard errors.count == unknown.count else { return errors }
        do throws(FieldError) {
            return unknown + (try Self(object)).validate()
        } catch {
            return unknown + [error]
        }
    }
}
