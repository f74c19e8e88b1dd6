import Kube
import Testing

@Suite("Arguments of adopted receivers")
struct AdoptedFlagTests {
    @Test func `Arguments that do not fit the view are warnings on it, and the file is published`() throws {
        var scene = try Scene(Samples.thanos)
        for hashring in ["default", "hashring-0", "hashring-1"] { try scene.receivers(hashring, replicas: 3) }
        try scene.add(
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: receive-default
              labels: {controller.receive.thanos.io/hashring: default}
            spec:
              replicas: 3
              serviceName: receive-default
              selector: {matchLabels: {app: receive-default}}
              template:
                spec:
                  containers:
                  - name: receive
                    args:
                    - receive
                    - --receive.replication-factor=2
                    - --receive.hashrings-file=/etc/thanos/hashrings.json
                    - --receive.local-endpoint=receive-default-0.receive-default.observability.svc.cluster.local:10901
                    volumeMounts: [{name: rings, mountPath: /etc/thanos}]
                  volumes: [{name: rings, configMap: {name: thanos-receive-generated}}]
            """)
        let plan = scene.plan()
        #expect(try plan.members(of: "default").count == 3)
        let start =
            "warning: GlobalView observability/main: spec.thanos.hashrings[0].adopt: StatefulSet "
            + "observability/receive-default: "
        #expect(
            plan.messages == [
                start + "--receive.hashrings-file is /etc/thanos/hashrings.json, which is the key hashrings.json of "
                    + "ConfigMap \"thanos-receive-generated\"; should be the key hashrings.json of ConfigMap "
                    + "\"main-hashrings\"",
                start
                    + "--receive.hashrings-file-refresh-interval is not set, which means 5m, so a new hashring file is "
                    + "used up to that much later; should be 5s, as spec.thanos.refreshInterval",
            ])
    }

    @Test func `An id that looks like something else is a warning on its Tenant`() throws {
        var scene = try Scene(
            Samples.thanos, Samples.tenant("teams", "{id: \"team-.*\", matcher: glob, hashring: hashring-0}"))
        for hashring in ["default", "hashring-0", "hashring-1"] { try scene.receivers(hashring, replicas: 3) }
        #expect(
            scene.plan(tenant: "teams").messages.first?.hasPrefix(
                "warning: Tenant observability/teams: spec.id: \"team-.*\" looks like a regular expression, ") == true)
    }
}
