import Kube

/// A `targetPort`: the name or the number of a container port.
struct TargetPort {
    /// The value of the label `endpoint`.
    let text: String
    private let isNumber: Bool
    private let path: FieldPath

    /// Reads the port of an endpoint; nil if it has none.
    init?(_ endpoint: Fields) throws(FieldError) {
        guard let value = endpoint.json("targetPort") else { return nil }
        path = endpoint.at("targetPort")
        switch value {
        case .string(let name):
            guard !name.isEmpty else { return nil }
            (text, isNumber) = (name, false)
        case .int(let number):
            guard (0...65535).contains(number) else { throw FieldError(path, "\(number) should be from 0 to 65535") }
            (text, isNumber) = ("\(number)", true)
        default: throw FieldError(path, "should be the name or number of a port, not \(value.typeName)")
        }
    }

    /// The rule that keeps the targets with this port; nil for number 0.
    var rule: JSON? {
        get throws(FieldError) {
            if isNumber {
                guard text != "0" else { return nil }
                return Relabelings.filter("keep", ["__meta_kubernetes_pod_container_port_number"], text)
            }
            return try Relabelings.port(text, "__meta_kubernetes_pod_container_port_name", at: path)
        }
    }
}
