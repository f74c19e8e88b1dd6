import Kube

extension ConfigRule {
    /// The rules about the fields of `kubernetes_sd_configs`.
    static let kubernetes: [ConfigRule] = [
        .atMostOne("kubeconfig_file", "api_server"), clientNeedsServer, ownNamespace, selectorRoles,
    ]

    /// The client of the API server is configured by what a pod or a kubeconfig file has, unless a server is named.
    private static let clientNeedsServer = ConfigRule.one { object in
        guard !object.isGiven("api_server") || object.isGiven("kubeconfig_file") else { return nil }
        let settings = [
            "basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file", "proxy_url",
            "proxy_from_environment", "tls_config", "no_proxy", "proxy_connect_header", "http_headers",
        ]
        let given = settings.first { key in
            object.isGiven(key) && object.members[key] != false && !(key == "tls_config" && object.hasDefaults(in: key))
        }
        let changed = ["follow_redirects", "enable_http2"].first { object.members[$0] == false }
        guard let key = given ?? changed else { return nil }
        return FieldError(
            FieldPath(key), "needs api_server; the connection to the in-cluster API server cannot be configured")
    }

    private static let ownNamespace = ConfigRule.one { object in
        guard object.version >= PrometheusVersion(2, 34), object.object("namespaces").isTrue("own_namespace"),
            let other = ["api_server", "kubeconfig_file"].first(where: object.isGiven)
        else { return nil }
        return FieldError(FieldPath("namespaces.own_namespace"), "cannot be true together with \(other)")
    }

    /// The kinds of objects that each role looks at, and so can have a selector for.
    private static func roles(selectableBy role: String, in version: PrometheusVersion) -> [String]? {
        switch role {
        case "pod": version >= PrometheusVersion(3, 11) ? ["pod", "node"] : ["pod"]
        case "endpoints", "endpointslice": [role, "service", "pod"]
        case "node", "service", "ingress": [role]
        default: nil
        }
    }

    private static let selectorRoles = ConfigRule { object in
        guard let role = object.text("role"), let allowed = roles(selectableBy: role, in: object.version) else {
            return []
        }
        var found: Set<String> = []
        return (object.members["selectors"]?.array ?? []).enumerated().compactMap { index, selector in
            guard let name = selector["role"]?.plainText else { return nil }
            let path = FieldPath("selectors").appending(index).appending("role")
            guard allowed.contains(name) else {
                return FieldError(
                    path, "\(name.excerpt) should be one of \(allowed.joined(separator: ", ")), for role \(role)")
            }
            return found.insert(name).inserted ? nil : FieldError(path, "\(name) occurs twice")
        }
    }
}

extension ConfigObject {
    /// Whether all members of an object have the values that they have by default.
    fileprivate func hasDefaults(in name: String) -> Bool {
        object(name).members.values.allSatisfy { $0.isNull || $0 == "" || $0 == false }
    }
}

extension TextSyntax {
    /// A selector of labels of Kubernetes objects.
    static let labelSelector = TextSyntax { text, _ in
        SelectorText.areLabels(text) ? nil : SelectorText.labelProblem(text)
    }

    /// A selector of fields of Kubernetes objects. One with escaped characters is not checked.
    static let fieldSelector = TextSyntax { text, _ in
        let terms = text.split(separator: ",")
        let isSelector =
            text.contains("\\")
            || terms.allSatisfy { term in
                guard let sign = term.firstIndex(of: "=") else { return false }
                let value = term[term.index(after: sign)...]
                return !(value.hasPrefix("=") ? value.dropFirst() : value).contains("=")
            }
        return isSelector ? nil : SelectorText.fieldProblem(text)
    }
}
