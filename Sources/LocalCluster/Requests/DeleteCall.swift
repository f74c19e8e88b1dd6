import Kube

/// The options of a deletion: `meta/v1` DeleteOptions.
struct DeleteCall: Sendable {
    /// What happens to the objects that the deleted object owns.
    enum Propagation: String, Sendable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }

    /// The UID that the object must have.
    var uid: String?
    /// The resource version that the object must have.
    var resourceVersion: String?
    /// What happens to the dependents.
    var propagation = Propagation.background
    /// Whether nothing is deleted.
    var isDryRun = false

    /// Creates options for a deletion in the background without preconditions.
    init() {}

    /// The options in the body of a request, or else in its query. Throws 400 if they cannot be read and 422 for values
    /// that are not supported.
    init(_ request: APIRequest) throws(APIStatus) {
        let dryRun: [String]
        let orphan: Bool?
        let policy: String?
        if request.body.isEmpty {
            dryRun = request.query["dryRun"].map { [$0] } ?? []
            orphan = request.query["orphanDependents"] == nil ? nil : request.flag("orphanDependents")
            policy = request.parameter("propagationPolicy")
        } else {
            let body = try Self.decoded(try request.json())
            uid = body["preconditions", "uid"]?.string
            resourceVersion = body["preconditions", "resourceVersion"]?.string
            dryRun = (body["dryRun"]?.array ?? []).compactMap(\.string)
            orphan = body["orphanDependents"]?.bool
            policy = body["propagationPolicy"]?.string
        }
        if let policy {
            if orphan != nil {
                throw Self.invalid(
                    "propagationPolicy",
                    "Invalid value: \(JSON(policy).text()): orphanDependents and deletionPropagation cannot be both set"
                )
            }
            guard let propagation = Propagation(rawValue: policy) else {
                throw Self.invalid(
                    "propagationPolicy",
                    "Unsupported value: \(JSON(policy).text()): supported values: \"Foreground\", \"Background\", "
                        + "\"Orphan\", \"nil\"")
            }
            self.propagation = propagation
        } else if orphan == true {
            propagation = .orphan
        }
        if dryRun.contains(where: { $0 != "All" }) {
            throw Self.invalid(
                "dryRun", "Unsupported value: \(JSON(dryRun).text()): supported values: \"All\"")
        }
        isDryRun = !dryRun.isEmpty
    }

    private static func decoded(_ body: JSON) throws(APIStatus) -> JSON {
        if let kind = body["kind"]?.string, !kind.isEmpty, kind != "DeleteOptions" {
            throw .badRequest("decoded object cannot be converted to DeleteOptions")
        }
        if let mismatch = GoType.deleteOptions.mismatch(in: body) { throw .badRequest("\(mismatch)") }
        return body
    }

    private static func invalid(_ option: String, _ problem: String) -> APIStatus {
        .invalidOption("DeleteOptions", option, problem)
    }
}
