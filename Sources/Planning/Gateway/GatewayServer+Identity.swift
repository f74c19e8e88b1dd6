import Crypto
import TributaryAPI

extension GatewayServer {
    /// The maps that find out who the caller is.
    ///
    /// One proof decides. If there is an Authorization header, it is the proof, and a client certificate is not
    /// considered. `$tributary_subject` is the kind and the text of the proof: `b` is a bearer token, `u` a user and a
    /// password in Base64, `t` the tenant of a client certificate, or its URI if that tells the tenant, `c` a client
    /// certificate whose URI is not known yet, `s` the tenant that the service names, `x` an Authorization header that is
    /// neither, and `-` nothing.
    var identity: String {
        let includes = (0..<parts).map { "        include \(GatewayLayout.entries($0, of: parts));" }
        let details = (0..<parts).map { "    include \(GatewayLayout.details($0, of: parts));" }
        let id = GatewaySyntax.idClass
        return #"""
                map $http_authorization $tributary_presented {
                    default "x";
                    "" "";
                    "~^(?i:bearer) +(?<tributary_token>[A-Za-z0-9._~+/=-]{16,512}) *$" "b:$tributary_token";
                    "~^(?i:basic) +(?<tributary_pair>[A-Za-z0-9+/]{4,1400}={0,2}) *$" "u:$tributary_pair";
                }
            \#(certificates)
                map $http_x_tributary_service $tributary_answered {
                    default "s:";
                    "~^(?<tributary_named>\#(id){1,150})$" "s:$tributary_named";
                }
                map "$server_name:$tributary_presented" $tributary_subject {
                    default "x";
                    "~^\#(Self.hop):" "$tributary_answered";
                    "~^\#(Self.identityHop):" "$tributary_certified";
                    "~^gateway:(?<tributary_proof>.+)$" "$tributary_proof";
                    "~^gateway:$" "$tributary_certificate";
                }
                map $tributary_subject $tributary_key {
                    default "$tributary_subject";
                    "~^s:(?<tributary_name>.+)$" "i:$tributary_name";
                    "~^t:(?<tributary_certificate_name>.+)$" "\#(readsURIs ? "c" : "i"):$tributary_certificate_name";
                }
                map $tributary_key $tributary_entry {
                    default "";
            \#(includes.joined(separator: "\n"))
                }
                map "$tributary_subject $tributary_entry" $tributary_known {
                    default "0";
                    "~^[a-z]:(?<tributary_exact>[^ ]++) (?:\|[^|]*+)*?\|\k<tributary_exact> (?<tributary_id>[^ |]++) (?<tributary_flags>[^ |]++) (?<tributary_class>[^ |]++) (?<tributary_handle>[^ |]++)\|" "1";
                }
            \#(details.joined(separator: "\n"))
            """#
    }

    /// The map that finds the tenant of a client certificate.
    ///
    /// `$ssl_client_s_dn` is a name by RFC 2253: what would end a value has a backslash in front of it. Names in which
    /// the attribute occurs twice are ambiguous, and count as unknown.
    private var certificates: String {
        guard let certificates = configuration.clientCertificates else {
            return #"""
                    map "" $tributary_certificate { default "-"; }
                    map "" $tributary_certified { default "t:"; }
                """#
        }
        guard !certificates.namesURIs else {
            return #"""
                    map $ssl_client_verify $tributary_certificate { default "-"; "SUCCESS" "c"; }
                    map $http_x_tributary_uri $tributary_certified {
                        default "t:";
                        "~^(?<tributary_uri>\#(CertificateURI.characterClass){1,1024})$" "t:$tributary_uri";
                    }
                """#
        }
        let attribute = certificates.tenantFrom == "OrganizationalUnit" ? "OU" : "CN"
        let id = GatewaySyntax.idClass.replacing("+", with: "")
        return #"""
                map "$ssl_client_verify:$ssl_client_s_dn" $tributary_certificate {
                    default "-";
                    "~^SUCCESS:(?!.*\#(attribute)=.*\#(attribute)=)(?:(?:[^\\\\,+]|\\\\.)*+[,+])*?\#(attribute)=(?<tributary_attribute>\#(id){1,150})(?:[,+].*)?$" "t:$tributary_attribute";
                    "~^SUCCESS:" "t:";
                }
                map "" $tributary_certified { default "t:"; }
            """#
    }
}
