/// The labels, annotations and names that Tributary writes onto objects.
public enum Names {
    /// The field manager of every apply, and the value of `app.kubernetes.io/managed-by`.
    public static let manager = "tributary"
    /// The label on every object that Tributary creates; watches select by it.
    public static let managedByLabel = "app.kubernetes.io/managed-by"
    /// The label that names the agent of an object in another namespace, where an owner reference is not possible.
    public static let agentLabel = "tributary.dev/agent"
    /// The label with the namespace of ``agentLabel``'s agent. One label with both would exceed 63 characters.
    public static let agentNamespaceLabel = "tributary.dev/agent-namespace"
    /// The label with the name of the global view that an object in another namespace was made for.
    public static let viewLabel = "tributary.dev/globalview"
    /// The label with the namespace of ``viewLabel``'s view.
    public static let viewNamespaceLabel = "tributary.dev/globalview-namespace"
    /// The annotation on the ConfigMaps with the hashring and limits files that lists the ids whose entries stay when
    /// their Tenants are deleted, separated by commas.
    public static let retainedAnnotation = "tributary.dev/retained-tenants"
    /// The annotation on the ConfigMap with the hashring file that lists the hashes of all files since a receiver last
    /// left, in hexadecimal, separated by commas.
    public static let equivalentAnnotation = "tributary.dev/equivalent-hashes"
    /// The label on the objects of a managed hashring: the hashring's name.
    public static let hashringLabel = "tributary.dev/hashring"
    /// The annotation on a shard's workload: the time since when the shard drains.
    public static let drainingAnnotation = "tributary.dev/draining-since"
    /// The annotation on an agent's Secret and workload: the number of Secrets that the configuration is split into.
    /// Absent if it is one Secret.
    public static let configPartsAnnotation = "tributary.dev/config-parts"
    /// The label on the Secrets with the credentials of a tenant: what the credential permits, `write` or `read`.
    public static let credentialLabel = "tributary.dev/credential"
    /// The annotation on a Tenant that, when it changes, asks for new credentials.
    public static let rotateAnnotation = "tributary.dev/rotate"
    /// The annotation on a GlobalView that lets changes of hashrings go on which would move more series than `maxMove`:
    /// `<hashring>=<change>`, separated by commas.
    public static let allowMoveAnnotation = "tributary.dev/allow-move"
    /// The annotations of custom resources that plans read.
    public static let planningAnnotations: Set<String> = [rotateAnnotation, allowMoveAnnotation]
    /// The annotation on a credential's Secret: the value of ``rotateAnnotation`` that the credential was made for.
    public static let rotatedForAnnotation = "tributary.dev/rotated-for"
    /// The annotation on a credential's Secret: the time since when the credential is valid.
    public static let validSinceAnnotation = "tributary.dev/valid-since"
    /// The annotation on a credential's Secret: the time until when the former credential is accepted.
    public static let formerValidUntilAnnotation = "tributary.dev/former-valid-until"
}
