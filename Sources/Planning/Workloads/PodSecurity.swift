import Kube
import PlanningInput

/// Security contexts that pass the restricted Pod Security Standard.
enum PodSecurity {
    /// For pods. The user is numeric, since `runAsNonRoot` cannot check an image's user by name.
    static func pod(user: Int = 65534, fsGroup: Int? = nil) -> JSON {
        [
            "runAsNonRoot": true,
            "runAsUser": JSON(user),
            "runAsGroup": JSON(user),
            "fsGroup": fsGroup.map { JSON($0) } ?? .null,
            "seccompProfile": ["type": "RuntimeDefault"],
        ]
    }

    /// For containers.
    static let container: JSON = [
        "allowPrivilegeEscalation": false,
        "readOnlyRootFilesystem": true,
        "capabilities": ["drop": ["ALL"]],
    ]
}
