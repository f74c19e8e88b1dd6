import Kube
import YAML

/// Reads the values of a limits file as Go's `yaml.UnmarshalStrict` reads them into structs.
struct LimitsReader {
    private(set) var findings: [Finding] = []
    private let text: [UInt8]
    private let document: YAMLDocument

    init(text: [UInt8], document: YAMLDocument) {
        self.text = text
        self.document = document
    }

    mutating func read() -> LimitsFile {
        var file = LimitsFile()
        let root = members(document.value, FieldPath(), ["write"])
        let path = FieldPath("write")
        let write = members(root["write"], path, ["global", "default", "tenants"])
        readGlobal(write["global"], path.appending("global"), &file)
        file.defaults = limits(write["default"], path.appending("default"))
        for (tenant, value) in members(write["tenants"], path.appending("tenants"), nil) {
            let path = path.appending("tenants").appending(tenant)
            checkKey(tenant, path)
            if value.isNull {
                error(path, "is empty: receivers panic; write {} or remove it")
                continue
            }
            file.tenants[tenant] = limits(value, path)
        }
        return file
    }

    private mutating func readGlobal(_ json: JSON?, _ path: FieldPath, _ file: inout LimitsFile) {
        let global = members(
            json, path,
            ["max_concurrency", "meta_monitoring_url", "meta_monitoring_http_client", "meta_monitoring_limit_query"])
        file.maxConcurrency = integer(global, path, "max_concurrency")
        file.metaMonitoringURL = string(global, path, "meta_monitoring_url")
        file.metaMonitoringLimitQuery = string(global, path, "meta_monitoring_limit_query")
        if let client = global["meta_monitoring_http_client"], !client.isNull {
            file.metaMonitoringHTTPClient = client
            readClient(client, path.appending("meta_monitoring_http_client"))
        }
    }

    /// Checks names and types; ``LimitsFile/validate(previous:)`` checks their meaning.
    private mutating func readClient(_ json: JSON, _ path: FieldPath) {
        let client = members(
            json, path,
            ["basic_auth", "bearer_token", "bearer_token_file", "proxy_url", "tls_config", "transport_config"])
        for name in ["bearer_token", "bearer_token_file", "proxy_url"] { _ = string(client, path, name) }
        let basic = path.appending("basic_auth")
        let basicNames = ["username", "password", "password_file"]
        let basicMembers = members(client["basic_auth"], basic, basicNames)
        for name in basicNames { _ = string(basicMembers, basic, name) }
        let tls = path.appending("tls_config")
        let tlsNames = ["ca_file", "cert_file", "key_file", "server_name"]
        let tlsMembers = members(client["tls_config"], tls, tlsNames + ["insecure_skip_verify"])
        for name in tlsNames { _ = string(tlsMembers, tls, name) }
        boolean(tlsMembers, tls, "insecure_skip_verify")
        let transport = path.appending("transport_config")
        let numbers = [
            "max_idle_conns", "max_idle_conns_per_host", "idle_conn_timeout", "response_header_timeout",
            "expect_continue_timeout", "max_conns_per_host", "tls_handshake_timeout", "dialer_timeout",
        ]
        let transportMembers = members(client["transport_config"], transport, numbers + ["disable_compression"])
        for name in numbers { _ = integer(transportMembers, transport, name) }
        boolean(transportMembers, transport, "disable_compression")
    }

    private mutating func limits(_ json: JSON?, _ path: FieldPath) -> LimitsFile.Limits {
        let own = members(json, path, ["request", "head_series_limit"])
        let requestPath = path.appending("request")
        let request = members(own["request"], requestPath, ["size_bytes_limit", "series_limit", "samples_limit"])
        return LimitsFile.Limits(
            requestBytes: integer(request, requestPath, "size_bytes_limit"),
            requestSeries: integer(request, requestPath, "series_limit"),
            requestSamples: integer(request, requestPath, "samples_limit"),
            headSeries: integer(own, path, "head_series_limit"))
    }

    // MARK: - Values

    private mutating func error(_ path: FieldPath, _ message: String) {
        findings.append(Finding(severity: .error, field: path, message: message))
    }

    private mutating func mistyped(_ path: FieldPath, _ value: JSON, _ expected: String) {
        error(path, "should be \(expected), not \(value.typeName): receivers refuse the file")
    }

    /// The members of an object; names that are not `known` are refused, nil accepts all.
    private mutating func members(_ json: JSON?, _ path: FieldPath, _ known: [String]?) -> JSON.Members {
        guard let json, !json.isNull else { return [:] }
        guard let object = json.object else {
            mistyped(path, json, "a map")
            return [:]
        }
        if let known {
            for key in object.keys where !known.contains(key) {
                error(
                    path.appending(key),
                    "is not a known field: receivers refuse the file; the fields are \(known.joined(separator: ", "))")
            }
        }
        return object
    }

    private mutating func integer(_ members: JSON.Members, _ path: FieldPath, _ name: String) -> Int? {
        guard let value = members[name], !value.isNull else { return nil }
        let path = path.appending(name)
        switch value {
        case .int(let number): return Int(number)
        case .double(let number) where number.magnitude < 0x1p63:
            findings.append(
                Finding(
                    severity: .warning, field: path,
                    message: "\(value.text()) is truncated to \(Int(number)); write a whole number"))
            return Int(number)
        case .double: error(path, "\(value.text()) is too large: receivers refuse the file; write 0 for no limit")
        default: mistyped(path, value, "a whole number")
        }
        return nil
    }

    private mutating func string(_ members: JSON.Members, _ path: FieldPath, _ name: String) -> String? {
        guard let value = members[name], !value.isNull else { return nil }
        switch value {
        case .string(let text): return text.isEmpty ? nil : text
        // Go reads other scalars as their text.
        case .int, .double, .bool: return value.text()
        default:
            mistyped(path.appending(name), value, "a string")
            return nil
        }
    }

    private mutating func boolean(_ members: JSON.Members, _ path: FieldPath, _ name: String) {
        guard let value = members[name], !value.isNull, value.bool == nil else { return }
        mistyped(path.appending(name), value, "true or false")
    }

    /// Checks a tenant that is a number or boolean without quotes: Thanos uses its text, which may differ from this
    /// key.
    private mutating func checkKey(_ key: String, _ path: FieldPath) {
        guard let position = document.position(of: path), key == "true" || key == "false" || Double(key) != nil else {
            return
        }
        let line = text.split(separator: UInt8(ascii: "\n"), maxSplits: position.line, omittingEmptySubsequences: false)
        guard position.line <= line.count else { return }
        let rest = String(decoding: line[position.line - 1], as: UTF8.self).unicodeScalars.dropFirst(
            position.column - 1)
        guard let first = rest.first, first != "\"", first != "'" else { return }
        guard !rest.starts(with: key.unicodeScalars) else { return }
        findings.append(
            Finding(
                severity: .warning, field: path,
                message: "some programs read it as \"\(key.printable)\", receivers as it is written; quote it"))
    }
}
