import Kube

/// Reads an object's members as Go's `encoding/json` reads them into a struct.
struct GoObjectReader {
    /// The members that no field of the struct has.
    private(set) var remainder: JSON.Members = [:]
    private var members: [String: JSON] = [:]
    private let path: FieldPath

    /// Sorts an object's members by the names of the struct's fields, whatever their case.
    init(_ json: JSON, at path: FieldPath, _ fields: [String]) throws(HashringFileError) {
        self.path = path
        if json.isNull { return }
        guard let object = json.object else {
            throw HashringFileError(path, "should be an object, not \(json.typeName)")
        }
        for (key, value) in object {
            let folded = Self.folded(key)
            guard fields.contains(folded) else {
                remainder[key] = value
                continue
            }
            guard members.updateValue(value, forKey: folded) == nil else {
                throw HashringFileError(path.appending(key), "is given twice, once in another case")
            }
        }
    }

    /// A name in lower case, by the folding that Go's decoder uses: beyond ASCII only two characters fold to letters.
    static func folded(_ key: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in key.unicodeScalars {
            switch scalar {
            case "A"..."Z": result.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
            case "\u{17F}": result.append("s")
            case "\u{212A}": result.append("k")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// A member that is present and not null.
    func value(_ name: String) -> (JSON, FieldPath)? {
        guard let value = members[name], !value.isNull else { return nil }
        return (value, path.appending(name))
    }

    private func fault(_ path: FieldPath, _ value: JSON, _ expected: String) -> HashringFileError {
        HashringFileError(path, "should be \(expected), not \(value.typeName)")
    }

    func string(_ name: String) throws(HashringFileError) -> String? {
        guard let (value, path) = value(name) else { return nil }
        guard let text = value.string else { throw fault(path, value, "a string") }
        return text
    }

    func int(_ name: String) throws(HashringFileError) -> Int? {
        guard let (value, path) = value(name) else { return nil }
        guard case .int(let number) = value else { throw fault(path, value, "an integer") }
        return Int(number)
    }

    func bool(_ name: String) throws(HashringFileError) -> Bool? {
        guard let (value, path) = value(name) else { return nil }
        guard let bool = value.bool else { throw fault(path, value, "true or false") }
        return bool
    }

    func list(_ name: String) throws(HashringFileError) -> [(JSON, FieldPath)] {
        guard let (value, path) = value(name) else { return [] }
        guard let elements = value.array else { throw fault(path, value, "a list") }
        return elements.enumerated().map { ($1, path.appending($0)) }
    }

    func strings(_ name: String) throws(HashringFileError) -> [String] {
        var result: [String] = []
        for (value, path) in try list(name) {
            guard let text = value.isNull ? "" : value.string else { throw fault(path, value, "a string") }
            result.append(text)
        }
        return result
    }

    func stringMap(_ name: String) throws(HashringFileError) -> [String: String] {
        guard let (value, path) = value(name) else { return [:] }
        guard let members = value.object else { throw fault(path, value, "an object of strings") }
        var result: [String: String] = [:]
        for (key, value) in members {
            guard let text = value.isNull ? "" : value.string else {
                throw fault(path.appending(key), value, "a string")
            }
            result[key] = text
        }
        return result
    }
}
