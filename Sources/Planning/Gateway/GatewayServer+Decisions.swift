import PlanningInput
import TributaryAPI

extension GatewayServer {
    /// The maps that decide what becomes of a request: `$tributary_target` is the location that answers it.
    ///
    /// They read the path as it was sent, so that no other spelling of a path passes.
    var decisions: String {
        let prefix = GatewaySyntax.quoted(configuration.plainPrefix)
        let api = "\(prefix)\(GatewayNames.readPath)/api/v1/"
        let end = #"(?:\?|$)"#
        var rows = [
            ("\(prefix)\(GatewayNames.writePath)\(end)", "w"),
            (
                "\(api)(?<tributary_both>query|query_range|query_exemplars|series|labels)\(end)", "b"
            ),
            ("\(api)(?<tributary_get>rules|alerts|label/[a-zA-Z_][a-zA-Z0-9_]*/values)\(end)", "g"),
        ]
        if configuration.routes.isolatesReads {
            rows += [
                ("\(api)(?<tributary_both2>format_query|parse_query)\(end)", "b"),
                ("\(api)(?<tributary_get2>metadata|status/buildinfo)\(end)", "g"),
                ("\(api)(?<tributary_post>read)\(end)", "p"),
            ]
        }
        if configuration.routes.servesFederate {
            rows.append(("\(prefix)\(GatewayNames.readPath)/(?<tributary_plain>federate)\(end)", "f"))
        }
        let routes = rows.map { "        \"~^\($0.0)\" \"\($0.1)\";" }.joined(separator: "\n")
        return #"""
                map $request_uri $tributary_route {
                    default "-";
            \#(routes)
                }
                map "$request_method:$tributary_route" $tributary_way {
                    default "405";
                    "~:-$" "404";
                    "~^POST:w$" "w";
                    "~^GET:[bfg]$" "r";
                    "~^POST:[bp]$" "r";
                }
                map "$tributary_way $tributary_subject $tributary_known $tributary_flags" $tributary_target {
                    default "/401/unknown";
            \#(targets.map { "        \"~^\($0.0)\" \"\($0.1)\";" }.joined(separator: "\n"))
                }
            """#
    }

    /// The locations by way, subject, whether it is known, and flags: `w` and `r` are purposes of a credential, `i` an
    /// id, `o` a tenant whose writes are refused, `W` and `R` a tenant without an address for writes or reads. The first
    /// row that fits decides.
    private var targets: [(String, String)] {
        var rows = [
            ("404 ", "/404"),
            ("405 ", "/405/$tributary_route"),
            (". c ", "/identity"),
            ("w [bu]:[^ ]+ 1 r[^w]*$", "/403/purpose"),
            ("r [bu]:[^ ]+ 1 w(?!r)", "/403/purpose"),
        ]
        for (kind, permission) in permissions {
            if !permission.allowsWrites { rows.append(("w \(kind):[^ ]+ 1 ", "/403/purpose")) }
            if !permission.allowsReads { rows.append(("r \(kind):[^ ]+ 1 ", "/403/purpose")) }
        }
        rows += [
            ("w [^ ]+ 1 [^ ]*o", "/403/leaving"),
            ("w [^ ]+ 1 [^ ]*W", "/404"),
            ("r [^ ]+ 1 [^ ]*R", "/404"),
            ("w [^ ]+ 1 ", "/w/$tributary_class"),
            ("r [^ ]+ 1 ", "/r/$tributary_class"),
            (". [ts]", "/403/tenant"),
        ]
        if asksService, let service = configuration.service {
            if service.permission.allowsWrites { rows.append(("w ", "/service")) }
            if service.permission.allowsReads { rows.append(("r ", "/service")) }
        }
        rows.append((". - ", "/401/none"))
        return rows
    }

    private var permissions: [(String, GatewayPermission)] {
        let certificates = configuration.clientCertificates.map { ("t", $0.permission) }
        return [certificates, configuration.service.map { ("s", $0.permission) }].compactMap { $0 }
    }
}
