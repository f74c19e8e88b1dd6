import FoundationEssentials
import Kube
import Testing

/// A rendered plan and the objects that it was made from.
struct Rendered {
    var made: [Object]
    var given: [Object]

    /// All objects of a kind.
    func all(_ kind: String) -> [Object] { (made + given).filter { $0.kind == kind } }

    /// An object by kind and name. Throws if there is none.
    func object(_ kind: String, _ name: String) throws -> Object {
        guard let object = all(kind).first(where: { $0.name == name }) else {
            throw Example.Failure(description: "no \(kind) \(name), only \(all(kind).map(\.name))")
        }
        return object
    }

    /// The files of a ConfigMap or Secret, by key.
    func files(_ kind: String, _ name: String) throws -> [String: String] {
        let object = try object(kind, name)
        let texts = kind == "Secret" ? object.json["stringData"]?.strings : object.json["data"]?.strings
        guard kind == "Secret" else { return texts ?? [:] }
        let decoded = try (object.json["data"]?.strings ?? [:]).mapValues { text in
            String(decoding: try #require(Data(base64Encoded: text)), as: UTF8.self)
        }
        return decoded.merging(texts ?? [:]) { _, text in text }
    }
}
