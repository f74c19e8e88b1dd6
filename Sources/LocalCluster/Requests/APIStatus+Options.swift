import Kube

extension APIStatus {
    /// 422 for an option of a request, such as `ListOptions.meta.k8s.io "" is invalid: …`.
    static func invalidOption(_ kind: String, _ option: String, _ problem: String) -> APIStatus {
        .invalid(
            Resource(group: "meta.k8s.io", version: "v1", kind: kind, plural: kind.lowercased()), "",
            [FieldError(FieldPath(option), problem)])
    }
}
