/// Converts arguments as Go's `flag` package reads them into the form that other parsers read.
///
/// Flags have one dash or two. Values follow `=` or are the next argument; the value of a switch must follow `=`. If a
/// flag is given twice, the last one applies.
public enum GoFlags {
    /// Arguments that Go's `flag` package would refuse, too.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong, on one line.
        public var description: String
    }

    /// The same arguments as `--flag=value` for flags with values, and `--flag` or `--no-flag` for switches, each once.
    ///
    /// Anything else stays as it is, for the next parser to refuse. Throws ``Fault`` if the value of a switch is not a
    /// boolean or if a value is missing.
    public static func normalized(
        _ arguments: [String], values: Set<String>, switches: Set<String>
    ) throws(Fault) -> [String] {
        var result: [(flag: String?, text: [String])] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-"), argument != "-", argument != "--" else {
                result.append((nil, [argument]))
                continue
            }
            let body = argument.dropFirst(argument.hasPrefix("--") ? 2 : 1)
            let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts.first ?? "")
            var value = parts.count == 2 ? String(parts[1]) : nil
            if switches.contains(name) {
                guard let isOn = truth(value ?? "true") else {
                    throw Fault(description: "--\(name)=\(value ?? ""): should be true or false")
                }
                result.removeAll { $0.flag == name }
                result.append((name, [isOn ? "--\(name)" : "--no-\(name)"]))
            } else if values.contains(name) {
                if value == nil { value = rest.popFirst() }
                guard let value else { throw Fault(description: "--\(name): has no value; expected --\(name)=VALUE") }
                result.removeAll { $0.flag == name }
                // ArgumentParser reads an empty value after an equals sign as none.
                result.append((name, value.isEmpty ? ["--\(name)", ""] : ["--\(name)=\(value)"]))
            } else {
                result.append((nil, [argument]))
            }
        }
        return result.flatMap(\.text)
    }

    /// A boolean as `strconv.ParseBool` reads it.
    private static func truth(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }
}
