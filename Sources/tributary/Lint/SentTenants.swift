import Kube

/// The tenants that nginx configurations in ConfigMaps send in the THANOS-TENANT header.
enum SentTenants {
    /// The tenants, sorted, each once. Values with variables are left out.
    static func all(in manifests: [Manifest]) -> [String] {
        var tenants: Set<String> = []
        for manifest in manifests where manifest.object.kind == "ConfigMap" {
            for (_, value) in manifest.object.json["data"]?.object ?? [:] {
                guard let text = value.string, text.contains("proxy_set_header") else { continue }
                tenants.formUnion(self.tenants(in: text))
            }
        }
        return tenants.sorted()
    }

    private static func tenants(in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split { $0 == " " || $0 == "\t" || $0 == ";" }
            guard words.count >= 3, words[0] == "proxy_set_header", words[1].lowercased() == "thanos-tenant",
                !words[2].contains("$")
            else { return nil }
            return String(words[2].filter { $0 != "\"" && $0 != "'" })
        }
    }
}
