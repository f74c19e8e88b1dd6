import Crypto
import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// The user name and the password that a central Prometheus asks for.
struct ServerLogin {
    /// The keys of the Secrets that have them.
    var keys: (username: KeySelector, password: KeySelector)
    /// The values; `***` while they are not known.
    private(set) var username = "***"
    private(set) var password = "***"
    /// Why they cannot be used; nil if they can.
    private(set) var problem: Diagnostic?

    private static let field = "spec.prometheus.web.basicAuth"

    /// The login of a view; nil if it asks for none.
    init?(_ view: GlobalView, in snapshot: Snapshot) {
        guard let keys = view.prometheusLogin, let references = view.centralLogin else { return nil }
        self.keys = keys
        var resolver = CredentialResolver { snapshot.monitoring.found($0, listingKeys: true) }
        do throws(FieldError) {
            username = try resolver.trimmedValue(references.username, at: FieldPath("\(Self.field).username"))
            password = try resolver.trimmedValue(references.password, at: FieldPath("\(Self.field).password"))
            try check()
        } catch {
            problem = Diagnostic(
                severity: .error, about: .globalView(view.metadata.key), field: error.path, reason: "LoginInvalid",
                message: "\(error.problem); until then running pods keep what they have")
        }
    }

    /// The value of the header Authorization.
    var authorization: String { BasicAuthorization.value(username: username, password: password) }

    private func check() throws(FieldError) {
        func refuse(_ name: String, _ problem: String) -> FieldError {
            FieldError(FieldPath("\(Self.field).\(name)"), problem)
        }
        let isPlain = username.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") }
        guard !username.isEmpty, isPlain, username.utf8.count <= 128 else {
            throw refuse("username", "should have 1 to 128 printable ASCII characters without a colon or a space")
        }
        guard !password.isEmpty, password.utf8.count <= Bcrypt.mostBytes,
            !password.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else {
            throw refuse(
                "password", "should have 1 to \(Bcrypt.mostBytes) bytes and no control characters: bcrypt reads no more"
            )
        }
    }
}
