import Hashring
import Kube
import YAML

extension InputFile {
    /// The largest hashring or limits file that is read: 4 MiB. A ConfigMap holds at most 1 MiB.
    static let maximumThanosBytes = 4 << 20

    /// The file read as a hashring file.
    func hashrings() throws(CommandFailure) -> HashringFile {
        try checkSize(asA: "hashring file")
        do throws(HashringFileError) {
            return try HashringFile(parsing: bytes)
        } catch {
            let (position, message) = error.located(in: HashringPositions(bytes))
            throw CommandFailure(line: "\(name):\(position): error: \(message)")
        }
    }

    /// Throws if the file is too large for one of Thanos's files.
    func checkSize(asA kind: String) throws(CommandFailure) {
        guard bytes.count > Self.maximumThanosBytes else { return }
        throw CommandFailure(
            line: "\(name):1:1: error: has \(bytes.count) bytes; a \(kind) may have at most "
                + "\(Self.maximumThanosBytes >> 20) MiB")
    }
}

extension HashringFile {
    /// Reads a hashring file.
    init(reading path: String) throws(CommandFailure) {
        self = try InputFile(reading: path).hashrings()
    }
}

extension HashringFileError {
    /// Where the error is in the text, and its message for people.
    func located(in positions: HashringPositions) -> (position: YAMLPosition, message: String) {
        let (position, fault) =
            switch place {
            case .offset(let offset): (positions.position(ofByte: offset), "not valid JSON: \(reason)")
            case .field(let field): (positions.position(of: field), "\(self)")
            }
        return (
            YAMLPosition(line: position.line, column: position.column),
            "\(fault): receivers refuse the file or misread it"
        )
    }
}

extension HashringPositions {
    /// Where a field is, as a position like those of YAML documents.
    func yamlPosition(of field: FieldPath) -> YAMLPosition {
        let position = position(of: field)
        return YAMLPosition(line: position.line, column: position.column)
    }
}
