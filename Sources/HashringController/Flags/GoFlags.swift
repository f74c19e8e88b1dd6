/// Arguments as Go's `flag` package reads them, put into the form that other parsers take.
///
/// One dash is as good as two, values come behind `=` or as the next argument, a switch takes a value only behind `=`,
/// and of a flag that is given twice the last counts.
public enum GoFlags {
    /// Arguments that Go's `flag` package would not take either.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong, on one line.
        public var description: String
    }

    /// The same arguments as `--flag=value` for flags with values, and `--flag` or `--no-flag` for switches, each once.
    ///
    /// What is no flag of these is left as it is, for whoever reads the result to refuse. Throws ``Fault`` where a
    /// switch's value is no truth value, or a value is missing.
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
                guard let value else { throw Fault(description: "--\(name): needs a value") }
                result.removeAll { $0.flag == name }
                // Behind an equals sign ArgumentParser takes an empty value for none.
                result.append((name, value.isEmpty ? ["--\(name)", ""] : ["--\(name)=\(value)"]))
            } else {
                result.append((nil, [argument]))
            }
        }
        return result.flatMap(\.text)
    }

    /// What `strconv.ParseBool` makes of a text.
    private static func truth(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }
}
