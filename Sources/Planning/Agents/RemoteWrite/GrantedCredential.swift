import Kube
import PlanningInput

/// The copy of a tenant's write credential beside an agent that may write as the tenant: a Secret in the agent's namespace,
/// from which Prometheus reads the credential with each request.
struct GrantedCredential {
    /// The name of the Secret.
    var name: String
    /// The credential; nil while there is none.
    var token: String?
    /// The certificates of the authorities that the certificate of the gateway, or of what is written to without one, is
    /// signed by; nil for those of the image.
    var authorities: [UInt8]?
    /// Whether agents write through a gateway, which wants a credential.
    var isForGateway = true

    static let authoritiesKey = "ca.crt"

    /// The Secret; nil while there is nothing to copy.
    func object(_ owner: Owner) -> Object? {
        guard token != nil || (!isForGateway && authorities != nil) else { return nil }
        var values: [String: String] = [:]
        values[CredentialPurpose.key] = token.map { Base64.encode($0.utf8) }
        values[Self.authoritiesKey] = authorities.map { Base64.encode($0) }
        return owner.object(
            .secrets, name, labels: owner.labels(AgentNames.writeCredential, program: "credential"),
            ["type": "Opaque", "data": JSON(values)])
    }

    /// The Secret as an existing object that may stay.
    func kept(_ owner: Owner) -> Plan.Kept {
        Plan.Kept(.secrets, ObjectKey(namespace: owner.namespace, name: name))
    }

    /// Mounts the Secret, whether it exists or not; returns the paths of its values in the container.
    func mount(in files: inout FileMounts) -> (credential: String?, authorities: String?) {
        let folder = files.add(secret: name, isLoaded: authorities != nil)
        return (
            isForGateway ? "\(folder)/\(CredentialPurpose.key)" : nil,
            authorities.map { _ in "\(folder)/\(Self.authoritiesKey)" }
        )
    }
}
