import Kube
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Secrets that an agent's own settings name, and that are created after the agent.
    @Suite("Missing credentials of agents", .timeLimit(.minutes(5))) struct CredentialTests {
        @Test(arguments: ClusterKind.available)
        func `Status and Event name a missing Secret until it exists, and the pods keep running`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.apply(
                    PrometheusAgent.resource, "cluster",
                    [
                        "spec": [
                            "remoteWrite": [
                                ["name": "open", "url": "https://open.example.org/write"],
                                [
                                    "name": "guarded", "url": "https://guarded.example.org/write",
                                    "basicAuth": [
                                        "username": ["name": "creds", "key": "user"],
                                        "password": ["name": "creds", "key": "password"],
                                    ],
                                ],
                            ]
                        ]
                    ])
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster", "False CredentialNotFound")
                let missing =
                    "spec.remoteWrite[1].basicAuth.password: there is no Secret \(scenario.namespace)/creds"
                try await waitUntil("an Event names the Secret") {
                    try await scenario.events("CredentialNotFound", about: "cluster").contains(missing)
                }
                let set = try await waitFor("the StatefulSet exists") {
                    try await scenario.get(.statefulSets, "cluster-agent")
                }
                let configuration = try await scenario.configuration()
                #expect(configuration?.contains("/etc/prometheus/secrets/creds/password") == true)

                try await scenario.apply(.secrets, "creds", ["stringData": ["user": "me"]])
                let wrong = """
                    spec.remoteWrite[1].basicAuth.password: Secret \(scenario.namespace)/creds has no key "password"; \
                    it has: user
                    """
                try await waitUntil("the status lists the keys of the Secret") {
                    let agent = try await scenario.get(PrometheusAgent.resource, "cluster")
                    return agent?.json["status", "conditions"]?.array?.contains { $0["message"]?.string == wrong }
                        == true
                }
                try await scenario.apply(.secrets, "creds", ["stringData": ["user": "me", "password": "s3cret"]])
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster")
                let after = try await scenario.get(.statefulSets, "cluster-agent")
                #expect(after?.generation == set.generation, "the pods stay the same")
                #expect(try await scenario.configuration() == configuration)
                #expect(try scenario.tributary.log.lines.allSatisfy { !$0.contains("s3cret") })
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A Secret is reported as missing although a ConfigMap of the same name exists`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                func agent(secret: String) -> JSON {
                    let login: JSON = [
                        "clientId": ["configMap": ["name": "both", "key": "id"]],
                        "clientSecret": ["name": JSON(secret), "key": "password"],
                        "tokenUrl": "https://login.example.org/token",
                    ]
                    return [
                        "spec": ["remoteWrite": [["url": "https://central.example.org/write", "oauth2": login]]]
                    ]
                }
                try await scenario.apply(.configMaps, "both", ["data": ["id": "me"]])
                try await scenario.apply(.secrets, "creds", ["stringData": ["password": "s3cret"]])
                try await scenario.apply(PrometheusAgent.resource, "cluster", agent(secret: "creds"))
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster")
                try await scenario.apply(PrometheusAgent.resource, "cluster", agent(secret: "both"))
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster", "False CredentialNotFound")
            }
        }
    }
}
