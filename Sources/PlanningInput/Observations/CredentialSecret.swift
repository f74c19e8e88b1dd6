package import Kube
import TributaryAPI

/// A Secret with a credential that Tributary has made for a tenant.
package struct CredentialSecret: Sendable, Hashable {
    /// The tenant.
    package var tenant: ObjectKey
    /// What the credential permits.
    package var purpose: CredentialPurpose
    /// What the Secret holds.
    package var credential: TenantCredential

    /// Reads a Secret by its name, and by its owner if it has one; nil for other objects.
    ///
    /// `needsOwner` refuses Secrets without an owner: in a cluster, anybody may have made those.
    package init?(_ object: Object, needsOwner: Bool) {
        guard object.kind == Resource.secrets.kind, object.apiVersion == Resource.secrets.apiVersion else { return nil }
        let owner = object.ownerReferences.first { $0.controller == true }
        if let owner, owner.kind != Tenant.resource.kind || owner.group != Tenant.resource.group { return nil }
        guard owner != nil || !needsOwner else { return nil }
        let found = CredentialPurpose.allCases.compactMap { purpose -> (CredentialPurpose, String)? in
            let suffix = purpose.secretName(of: "")
            guard object.name.hasSuffix(suffix), object.name.utf8.count > suffix.utf8.count else { return nil }
            let tenant = String(object.name.dropLast(suffix.count))
            return owner.map { $0.name == tenant } ?? true ? (purpose, tenant) : nil
        }
        guard let (purpose, tenant) = found.first else { return nil }
        self.purpose = purpose
        self.tenant = ObjectKey(namespace: object.namespace ?? "", name: tenant)
        credential = TenantCredential(object)
    }
}

extension TenantCredential {
    fileprivate init(_ secret: Object) {
        let values = CredentialContent(secret)?.values ?? [:]
        let annotations = secret.annotations
        func time(_ name: String) -> Timestamp? { annotations[name].flatMap { Timestamp($0) } }
        self.init(
            token: "", validSince: time(Names.validSinceAnnotation),
            rotatedFor: annotations[Names.rotatedForAnnotation])
        do throws(CredentialToken.Malformed) {
            guard let value = values[CredentialPurpose.key] else {
                let keys = values.keys.sorted().joined(separator: ", ")
                problem = "is missing; the Secret has \(keys.isEmpty ? "no keys" : "the keys \(keys)")"
                return
            }
            token = try CredentialToken.read(value)
        } catch {
            problem = error.description
        }
        isEdited = values[CredentialPurpose.passwordKey] != Array(token.utf8)
        // A former token that is not right is not accepted, and leaves the Secret with the next plan.
        if let value = values[CredentialPurpose.formerKey], let until = time(Names.formerValidUntilAnnotation),
            let token = try? CredentialToken.read(value)
        {
            former = token
            formerValidUntil = until
        }
    }
}
