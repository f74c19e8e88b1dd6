import Kube

extension JSON {
    /// Sets the defaults of a Deployment, StatefulSet, DaemonSet or ReplicaSet.
    mutating func fillWorkload(_ kind: String) {
        fill("status", [:])
        change("spec") { spec in
            if kind != "DaemonSet" { spec.fill("replicas", 1) }
            switch kind {
            case "Deployment":
                spec.fill("revisionHistoryLimit", 10)
                spec.fill("progressDeadlineSeconds", 600)
                spec.fillRollingUpdate("strategy", ["maxSurge": "25%", "maxUnavailable": "25%"])
            case "StatefulSet":
                spec.fill("revisionHistoryLimit", 10)
                spec.fill("podManagementPolicy", "OrderedReady")
                spec.fillRollingUpdate("updateStrategy", ["partition": 0])
                spec.fill("persistentVolumeClaimRetentionPolicy", [:])
                spec.change("persistentVolumeClaimRetentionPolicy") {
                    $0.fill("whenDeleted", "Retain")
                    $0.fill("whenScaled", "Retain")
                }
                spec.changeEach("volumeClaimTemplates") { claim in
                    claim.fill("apiVersion", "v1")
                    claim.fill("kind", "PersistentVolumeClaim")
                    claim.change("spec") { $0.fill("volumeMode", "Filesystem") }
                    claim.fill("status", ["phase": "Pending"])
                }
            case "DaemonSet":
                spec.fill("revisionHistoryLimit", 10)
                spec.fillRollingUpdate("updateStrategy", ["maxSurge": 0, "maxUnavailable": 1])
            default: break
            }
            spec.change("template") { $0.change("spec") { $0.fillPodSpec() } }
        }
    }

    /// Sets the defaults of a pod's spec.
    mutating func fillPodSpec() {
        fill("restartPolicy", "Always")
        fill("dnsPolicy", "ClusterFirst")
        fill("schedulerName", "default-scheduler")
        fill("securityContext", [:])
        fill("terminationGracePeriodSeconds", 30)
        if let account = self["serviceAccountName"] { fill("serviceAccount", account) }
        for list in ["initContainers", "containers"] { changeEach(list) { $0.fillContainer() } }
        changeEach("volumes") { volume in
            for source in ["configMap", "secret", "projected", "downwardAPI"] {
                volume.change(source) { $0.fill("defaultMode", 420) }
            }
            volume.change("hostPath") { $0.fill("type", "") }
            volume.change("projected") { projected in
                projected.changeEach("sources") { source in
                    source.change("serviceAccountToken") { $0.fill("expirationSeconds", 3600) }
                }
            }
        }
    }

    private mutating func fillRollingUpdate(_ member: String, _ defaults: Members) {
        fill(member, [:])
        change(member) { strategy in
            if (strategy["type"]?.string ?? "").isEmpty { strategy["type"] = "RollingUpdate" }
            guard strategy["type"] == "RollingUpdate" else { return }
            strategy.fill("rollingUpdate", [:])
            strategy.change("rollingUpdate") { update in
                for (name, value) in defaults { update.fill(name, value) }
            }
        }
    }

    private mutating func fillContainer() {
        fill("terminationMessagePath", "/dev/termination-log")
        fill("terminationMessagePolicy", "File")
        fill("resources", [:])
        let image = self["image"]?.string ?? ""
        let last = image.split(separator: "/").last ?? ""
        let isLatest = !image.contains("@") && (!last.contains(":") || last.hasSuffix(":latest"))
        fill("imagePullPolicy", isLatest ? "Always" : "IfNotPresent")
        changeEach("ports") { $0.fill("protocol", "TCP") }
        changeEach("env") { variable in
            variable.change("valueFrom") { $0.change("fieldRef") { $0.fill("apiVersion", "v1") } }
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            change(probe) { probe in
                probe.fill("timeoutSeconds", 1)
                probe.fill("periodSeconds", 10)
                probe.fill("successThreshold", 1)
                probe.fill("failureThreshold", 3)
                probe.change("httpGet") {
                    $0.fill("path", "/")
                    $0.fill("scheme", "HTTP")
                }
            }
        }
    }
}
