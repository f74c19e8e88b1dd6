import Kube
import PlanningInput

/// Finds in the log of an agent why a remote write fails: metrics do not say it.
enum RemoteWriteLog {
    /// What Prometheus says of a request that failed: for one that it makes again, and for one that it gives up.
    private static let messages = ["Failed to send batch, retrying", "non-recoverable error"]

    /// The newest cause that the last lines of a log have for a remote write.
    ///
    /// Prometheus 3 logs one line a minute for all remote writes together, so a line of another one says nothing.
    static func cause(in log: [UInt8], remoteWrite: String) -> PodDelivery.Cause? {
        for line in log.split(separator: UInt8(ascii: "\n")).reversed() {
            let fields = LogLine.fields(of: String(decoding: line, as: UTF8.self))
            // A reload gives up the requests that are under way.
            guard fields["err"]?.contains("context canceled") != true, let message = fields["msg"],
                messages.contains(message), let error = fields["err"],
                fields["remote_name"] == remoteWrite
            else { continue }
            return SendFailure(error, url: fields["url"] ?? "").cause
        }
        return nil
    }
}

/// A line of Prometheus's log, in either of its formats.
enum LogLine {
    /// The fields that are texts. A line that is malformed has those before the fault.
    static func fields(of line: String) -> [String: String] {
        guard line.hasPrefix("{") else { return logfmt(line) }
        guard let json = try? JSON(parsing: Array(line.utf8)), let members = json.object else { return [:] }
        return Dictionary(members.compactMap { name, value in value.string.map { (name, $0) } }) { first, _ in first }
    }

    /// Reads `name=value` pairs, in which values may be quoted as in Go.
    private static func logfmt(_ line: String) -> [String: String] {
        var fields: [String: String] = [:]
        var rest = Substring(line)
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].split(separator: " ").last.map(String.init) ?? ""
            rest = rest[rest.index(after: equals)...]
            var value = ""
            if rest.first == "\"" {
                guard let end = unquote(rest.dropFirst(), into: &value) else { return fields }
                rest = rest[end...]
            } else {
                value = String(rest.prefix { $0 != " " })
                rest = rest.drop { $0 != " " }
            }
            if fields[name] == nil { fields[name] = value }
        }
        return fields
    }

    /// Reads up to the closing quote; returns the place behind it, or nil if there is none.
    private static func unquote(_ text: Substring, into value: inout String) -> Substring.Index? {
        var isEscaped = false
        for index in text.indices {
            switch (isEscaped, text[index]) {
            case (false, "\""): return text.index(after: index)
            case (false, "\\"): isEscaped = true
            case (true, "n"), (true, "t"), (true, "r"):
                value.append(" ")
                isEscaped = false
            case (_, let character):
                value.append(character)
                isEscaped = false
            }
        }
        return nil
    }
}
