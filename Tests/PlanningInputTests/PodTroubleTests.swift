import Kube
import PlanningInput
import Receivers
import Testing

/// What a pod's status says about why the pod is not ready.
@Suite("Why a pod is not ready")
struct PodTroubleTests {
    private static func trouble(_ status: JSON, deleted: Bool = false) -> PodTrouble? {
        var pod = Object(
            .pods, namespace: "a", name: "x-0",
            labels: [
                "app.kubernetes.io/managed-by": "tributary", "app.kubernetes.io/name": "prometheus-agent",
                "app.kubernetes.io/instance": "x", "app.kubernetes.io/component": "agent",
            ], ["status": status])
        if deleted { pod.json["metadata", "deletionTimestamp"] = "2026-01-01T00:00:00Z" }
        return OwnPod(pod)?.trouble
    }

    private static func waiting(_ state: JSON, _ more: JSON.Members = [:]) -> JSON {
        var container = more
        container["name"] = "prometheus"
        container["image"] = "example.org/prometheus:v9"
        container["state"] = ["waiting": state]
        return ["containerStatuses": [.object(container)]]
    }

    @Test func `A container that exits again and again is quoted with its code and its last line`() {
        let trouble = Self.trouble(
            Self.waiting(
                ["reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"],
                [
                    "restartCount": 7,
                    "lastState": [
                        "terminated": [
                            "exitCode": 2, "reason": "Error", "message": "starting\nerr=\"no such file\"\n \n",
                        ]
                    ],
                ]))
        #expect(trouble?.reason == "CrashLoopBackOff")
        #expect(trouble?.message == "container prometheus exited with code 2 (restarts: 7): err=\"no such file\"")
    }

    @Test func `A container that exceeded its memory limit says so`() {
        let trouble = Self.trouble(
            Self.waiting(
                ["reason": "CrashLoopBackOff"],
                ["restartCount": 1, "lastState": ["terminated": ["exitCode": 137, "reason": "OOMKilled"]]]))
        #expect(
            trouble?.message == "container prometheus exceeded its memory limit (OOMKilled) with code 137 (restarts: 1)"
        )
    }

    @Test func `An image that cannot be pulled is named`() {
        let trouble = Self.trouble(Self.waiting(["reason": "ImagePullBackOff", "message": "Back-off pulling image"]))
        #expect(trouble?.reason == "ImagePullBackOff")
        #expect(
            trouble?.message == "container prometheus with image example.org/prometheus:v9: ImagePullBackOff: "
                + "Back-off pulling image")
    }

    @Test func `A pod that cannot be scheduled quotes the scheduler`() {
        let trouble = Self.trouble([
            "phase": "Pending",
            "conditions": [
                [
                    "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                    "message": "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
                ]
            ],
        ])
        #expect(trouble?.reason == "Unschedulable")
        #expect(
            trouble?.message
                == "cannot be scheduled: 0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.")
    }

    @Test func `A pod that only needs time, is ready or is being deleted has no trouble`() {
        #expect(Self.trouble(Self.waiting(["reason": "ContainerCreating"])) == nil)
        #expect(Self.trouble(["containerStatuses": [["name": "a", "state": ["running": [:]]]]]) == nil)
        #expect(Self.trouble(Self.waiting(["reason": "ErrImagePull"]), deleted: true) == nil)
    }

    @Test func `A hostile status gives one line of bounded length`() {
        let trouble = Self.trouble(
            Self.waiting(["reason": "Bad reason\n", "message": JSON(String(repeating: "x\ny", count: 10_000))]))
        #expect(trouble?.reason == "PodNotReady")
        #expect(trouble?.message.contains("\n") == false)
        #expect((trouble?.message.count ?? .max) <= 401)
    }
}
