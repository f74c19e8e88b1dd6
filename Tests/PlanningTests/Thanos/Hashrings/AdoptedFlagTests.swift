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

    @Test(arguments: [
        ("", ".svc.cluster.local"), ("$(NAME).receive-default.$(SPACE):10901", ""),
        ("$(NAME).receive-default.$(SPACE).svc:10901", ".svc"),
        ("$(NAME).receive-default.$(SPACE).svc.example.org:10901", ".svc.example.org"),
        ("$(NAME).receive-default.$(SPACE).svc:10907", ".svc.cluster.local"),
        ("$(NAME).other.$(SPACE).svc:10901", ".svc.cluster.local"), ("127.0.0.1:10901", ".svc.cluster.local"),
    ])
    func `Adopted receivers are in the file by the address that they call themselves`(own: String, end: String)
        throws
    {
        var scene = try Scene(Samples.thanos)
        for hashring in ["default", "hashring-0", "hashring-1"] { try scene.receivers(hashring, replicas: 2) }
        func add(_ domain: String?) throws -> String {
            if let domain {
                try scene.add(
                    Samples.thanos.replacing("- name: default", with: "- name: default\n      clusterDomain: \(domain)")
                )
            }
            try scene.add(
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata:
                  name: receive-default
                  labels: {controller.receive.thanos.io/hashring: default}
                spec:
                  replicas: 2
                  serviceName: receive-default
                  selector: {matchLabels: {app: receive-default}}
                  template:
                    spec:
                      containers:
                      - name: receive
                        args: [receive\(own.isEmpty ? "" : ", --receive.local-endpoint=\(own)")]
                        env:
                        - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                        - {name: SPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
                """)
            return try scene.plan().hashrings().text()
        }
        #expect(try add(nil).contains("receive-default-1.receive-default.observability\(end):10901"))
        let domain = "given.example.org"
        #expect(try add(domain).contains("receive-default-1.receive-default.observability.svc.\(domain):10901"))
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
