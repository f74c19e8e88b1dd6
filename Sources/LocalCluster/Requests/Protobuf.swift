import Kube

/// Decodes the protobuf messages of Namespaces, ConfigMaps, Secrets and ServiceAccounts: kubectl and client-go always
/// write these in protobuf. All else in this server is JSON.
enum Protobuf {
    /// The type of a message's field, with the name of the member in JSON.
    private indirect enum Field {
        case string(String)
        case bytes(String)
        case flag(String)
        case message(String, [UInt64: Field])
        case messages(String, [UInt64: Field])
        case strings(String)
        case map(String, ofBytes: Bool)
    }

    private static let owner: [UInt64: Field] = [
        1: .string("kind"), 3: .string("name"), 4: .string("uid"), 5: .string("apiVersion"), 6: .flag("controller"),
        7: .flag("blockOwnerDeletion"),
    ]

    private static let metadata = Field.message(
        "metadata",
        [
            1: .string("name"), 2: .string("generateName"), 3: .string("namespace"), 5: .string("uid"),
            6: .string("resourceVersion"), 13: .messages("ownerReferences", owner),
            11: .map("labels", ofBytes: false), 12: .map("annotations", ofBytes: false), 14: .strings("finalizers"),
        ])

    private static let kinds: [String: [UInt64: Field]] = [
        "Namespace": [
            1: metadata, 2: .message("spec", [1: .strings("finalizers")]),
            3: .message("status", [1: .string("phase")]),
        ],
        "ServiceAccount": [
            1: metadata,
            2: .messages(
                "secrets",
                [
                    1: .string("kind"), 2: .string("namespace"), 3: .string("name"), 4: .string("uid"),
                    5: .string("apiVersion"), 6: .string("resourceVersion"), 7: .string("fieldPath"),
                ]),
            3: .messages("imagePullSecrets", [1: .string("name")]), 4: .flag("automountServiceAccountToken"),
        ],
        "ConfigMap": [
            1: metadata, 2: .map("data", ofBytes: false), 3: .map("binaryData", ofBytes: true), 4: .flag("immutable"),
        ],
        "Secret": [
            1: metadata, 2: .map("data", ofBytes: true), 3: .string("type"), 4: .map("stringData", ofBytes: false),
            5: .flag("immutable"),
        ],
    ]

    /// The object in apimachinery's envelope; nil if it is of another kind or cannot be decoded.
    static func object(_ bytes: [UInt8]) -> JSON? {
        guard bytes.starts(with: [0x6B, 0x38, 0x73, 0x00]), let envelope = fields(bytes[4...]),
            let type = envelope.last(where: { $0.number == 1 }).flatMap({ fields($0.bytes) }),
            let raw = envelope.last(where: { $0.number == 2 })?.bytes
        else { return nil }
        let texts = Dictionary(type.map { ($0.number, String(decoding: $0.bytes, as: UTF8.self)) }) { $1 }
        guard texts[1] == "v1", let kind = texts[2], let known = kinds[kind], let object = read(raw, known) else {
            return nil
        }
        var json: JSON = ["apiVersion": "v1", "kind": .string(kind)]
        for (key, value) in object.object ?? [:] { json[key] = value }
        return json
    }

    private static func read(_ bytes: ArraySlice<UInt8>, _ known: [UInt64: Field]) -> JSON? {
        guard let found = fields(bytes) else { return nil }
        var json: JSON = [:]
        for field in found {
            let text = JSON.string(String(decoding: field.bytes, as: UTF8.self))
            switch known[field.number] {
            case .string(let name): if !field.bytes.isEmpty { json[name] = text }
            case .bytes(let name): json[name] = .string(Base64.encode(field.bytes))
            case .flag(let name): json[name] = .bool(field.varint != 0)
            case .strings(let name): json[name] = .array((json[name]?.array ?? []) + [text])
            case .message(let name, let inner):
                guard let value = read(field.bytes, inner) else { return nil }
                json[name] = value
            case .messages(let name, let inner):
                guard let value = read(field.bytes, inner) else { return nil }
                json[name] = .array((json[name]?.array ?? []) + [value])
            case .map(let name, let ofBytes):
                let entry: [UInt64: Field] = [1: .string("key"), 2: ofBytes ? .bytes("value") : .string("value")]
                guard let value = read(field.bytes, entry) else { return nil }
                if json[name] == nil { json[name] = [:] }
                json[name, value["key"]?.string ?? ""] = value["value"] ?? ""
            case nil: break
            }
        }
        return json
    }

    /// The fields of a message, in order.
    private static func fields(
        _ bytes: ArraySlice<UInt8>
    ) -> [(number: UInt64, varint: UInt64, bytes: ArraySlice<UInt8>)]? {
        var result: [(number: UInt64, varint: UInt64, bytes: ArraySlice<UInt8>)] = []
        var rest = bytes
        while !rest.isEmpty {
            guard let tag = varint(&rest) else { return nil }
            switch tag & 7 {
            case 0:
                guard let value = varint(&rest) else { return nil }
                result.append((tag >> 3, value, []))
            case 2:
                guard let length = varint(&rest), length <= rest.count else { return nil }
                result.append((tag >> 3, 0, rest.prefix(Int(length))))
                rest = rest.dropFirst(Int(length))
            default: return nil
            }
        }
        return result
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
