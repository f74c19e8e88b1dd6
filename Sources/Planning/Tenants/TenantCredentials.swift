import Crypto
import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Plans the credentials of one tenant: a Secret for writing and one for reading, unless the Tenant names Secrets of others.
struct TenantCredentials {
    private let tenant: Tenant
    private let snapshot: Snapshot
    private let owner: Owner
    private let about: PlanKey
    /// The Secrets and what there is to say about them.
    private(set) var plan = Plan()
    /// The Secrets of others that no watch has shown yet.
    private(set) var awaited: Set<CredentialSource> = []
    /// The member `credentials` of the status: nothing of it tells a credential.
    private(set) var status: JSON = [:]

    /// The shortest time between rotations on schedule: kubelets take up to two minutes to renew a file.
    static let shortestRotation = Duration.seconds(600)
    /// The default for ``CredentialsSpec/overlap``.
    private static let defaultOverlap = Duration.seconds(86_400)

    init(_ tenant: Tenant, owner: Owner, in snapshot: Snapshot) {
        self.tenant = tenant
        self.snapshot = snapshot
        self.owner = owner
        about = .tenant(tenant.metadata.key)
        for purpose in CredentialPurpose.allCases { add(purpose) }
        addSchedule()
        addShared()
    }

    // MARK: - One credential

    private mutating func add(_ purpose: CredentialPurpose) {
        let finding = snapshot.finding(purpose, of: tenant)
        let reference = tenant.credentialReference(purpose)
        let field = reference.map { _ in Self.field(purpose) }
        let secret = reference?.name ?? purpose.secretName(of: tenant.metadata.name)
        let key = ObjectKey(namespace: owner.namespace, name: secret)
        let value = "key \"\(reference?.key ?? CredentialPurpose.key)\" of Secret \(key)"
        switch finding {
        case .none: break
        case .unknown:
            if let reference { awaited.insert(CredentialSource(of: reference)) }
        case .missing(let reason): plan.diagnostics.append(.error(about, field, "CredentialNotFound", reason))
        case .invalid(let problem):
            plan.diagnostics.append(.error(about, field, "CredentialInvalid", "\(value): \(problem)"))
            // Somebody has put it there: it stays for them to see.
            if reference == nil { plan.keeps.insert(Plan.Kept(.secrets, key)) }
        case .valid(let credential):
            let former = credential.accepted(at: snapshot.now).count > 1 ? credential.formerValidUntil : nil
            let shown: JSON = [
                "secretName": JSON(secret),
                "validSince": credential.validSince.map { JSON($0.description) } ?? .null,
                "formerValidUntil": former.map { JSON($0.description) } ?? .null,
            ]
            status[purpose.rawValue] = shown.droppingNulls
        }
        guard reference == nil else { return }
        switch finding {
        case .valid(let credential): make(purpose, key, after: credential)
        case .none: make(purpose, key, after: nil)
        default: break
        }
    }

    private mutating func make(_ purpose: CredentialPurpose, _ key: ObjectKey, after current: TenantCredential?) {
        let rotation = CredentialRotation(
            purpose: purpose, tenant: tenant.metadata.key, tenantUID: tenant.metadata.uid ?? "", every: rotateEvery,
            overlap: tenant.spec.credentials?.overlap.flatMap { PrometheusDuration($0) }?.duration
                ?? Self.defaultOverlap,
            mark: mark, entropy: snapshot.entropy, now: snapshot.now)
        let lost = snapshot.lostToken(purpose, of: tenant.metadata.key)
        guard let next = rotation.next(after: current, lost: lost) else { return }
        plan.replaces[key] = current
        plan.recheck(after: rotation.recheck(next))
        plan.objects.append(secret(purpose, key.name, next))
    }

    private func secret(_ purpose: CredentialPurpose, _ name: String, _ credential: TenantCredential) -> Object {
        var values = [
            CredentialPurpose.key: credential.token, CredentialPurpose.passwordKey: credential.token,
            CredentialPurpose.userKey: tenant.metadata.name,
        ]
        values[CredentialPurpose.formerKey] = credential.former
        var annotations: [String: String] = [:]
        annotations[Names.validSinceAnnotation] = credential.validSince?.description
        annotations[Names.formerValidUntilAnnotation] = credential.formerValidUntil?.description
        annotations[Names.rotatedForAnnotation] = credential.rotatedFor
        let labels = owner.labels("\(purpose.rawValue)-credential", program: "credential")
            .merging([Names.credentialLabel: purpose.rawValue]) { _, own in own }
        return owner.object(
            .secrets, name, labels: labels, annotations: annotations,
            ["type": "Opaque", "data": JSON(values.mapValues { Base64.encode($0.utf8) })])
    }

    // MARK: - Settings

    private static func field(_ purpose: CredentialPurpose) -> String {
        "spec.credentials.\(purpose.rawValue)SecretRef"
    }

    /// The value of the annotation, or its digest if it is long.
    private var mark: String? {
        tenant.metadata.annotations?[Names.rotateAnnotation].map {
            $0.utf8.count <= 64 ? $0 : String(SHA256.hexadecimal($0).prefix(32))
        }
    }

    private var rotateEvery: Duration? {
        tenant.spec.credentials?.rotateEvery.flatMap { PrometheusDuration($0) }.map {
            max($0.duration, Self.shortestRotation)
        }
    }

    private mutating func addSchedule() {
        guard let text = tenant.spec.credentials?.rotateEvery, let every = PrometheusDuration(text)?.duration,
            every < Self.shortestRotation
        else { return }
        plan.diagnostics.append(
            .warning(
                about, "spec.credentials.rotateEvery", "RotationTooFrequent",
                "\"\(text)\" is shorter than 10m, after which the credentials are rotated: files in pods are renewed "
                    + "within two minutes"))
    }

    /// Credentials that two tenants have, or that permit both to write and to read.
    private mutating func addShared() {
        for (purpose, other) in snapshot.sharing(tenant.metadata.key) {
            let name = tenant.credentialReference(purpose)?.name ?? purpose.secretName(of: tenant.metadata.name)
            plan.diagnostics.append(
                .error(
                    about, tenant.credentialReference(purpose).map { _ in Self.field(purpose) }, "CredentialShared",
                    "Secret \(owner.namespace)/\(name) holds a credential that Tenant \"\(other)\" has as well (letters "
                        + "count the same in either case); give each its own: the gateway accepts it of neither"))
        }
        guard let own = snapshot.credentials[tenant.metadata.key], let write = own[.write], let read = own[.read],
            write.token == read.token
        else { return }
        plan.diagnostics.append(
            .warning(
                about, "spec.credentials", "CredentialReused",
                "the credential for writing can read as well: both Secrets hold the same one"))
    }
}
