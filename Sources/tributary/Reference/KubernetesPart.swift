import Kube

/// Fields that are those of other APIs, whose own pages describe them.
enum KubernetesPart {
    private static let workloads = "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources"
    private static let concepts = "https://kubernetes.io/docs/concepts"
    private static let pod = "\(workloads)/pod-v1/"
    private static let claim = "https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources"

    private static let pages: [String: (words: String, url: String)] = [
        "affinity": ("as in a pod", "\(pod)#scheduling"),
        "containers": ("containers of a pod", "\(pod)#Container"),
        "dnsConfig": ("as in a pod", "\(pod)#PodSpec"),
        "emptyDir": ("as in a pod", "\(claim)/volume/#local-temporary-directory"),
        "ephemeral": ("as in a pod", "\(claim)/volume/"),
        "hostAliases": ("as in a pod", "\(pod)#PodSpec"),
        "initContainers": ("containers of a pod", "\(pod)#Container"),
        "resources": ("as in a container", "\(pod)#resources"),
        "scrapeConfigs": (
            "scrape configurations of Prometheus",
            "https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config"
        ),
        "securityContext": ("as in a pod", "\(pod)#security-context"),
        "tolerations": ("as in a pod", "\(pod)#scheduling"),
        "topologySpreadConstraints": ("as in a pod", "\(pod)#scheduling"),
        "updateStrategy": ("as in a workload", "\(workloads)/stateful-set-v1/#StatefulSetSpec"),
        "volumeClaimTemplate": ("as in a StatefulSet", "\(claim)/persistent-volume-claim-v1/"),
        "volumeMounts": ("as in a container", "\(pod)#volumes-1"),
        "volumes": ("as in a pod", "\(claim)/volume/"),
    ]

    /// The type of a field with a link to the page that describes it; nil if this docs describe it.
    static func link(to name: String, _ schema: Schema) -> String? {
        if schema.properties["matchExpressions"] != nil {
            return
                "[label selector](https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors)"
        }
        guard schema.type == .object || schema.type == .array, let page = pages[name] else { return nil }
        return "[\(page.words)](\(page.url))"
    }
}
