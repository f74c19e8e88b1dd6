import Kube
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Secrets that an agent's own settings name, and that come later than the agent.
    @Suite(.timeLimit(.minutes(3))) struct Credentials {
        @Test(arguments: ClusterKind.available)
        func `a Secret that is missing is named in status and Event until it is there, and pods go on`(
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
                try await waitUntil("an Event names it") {
                    try await scenario.events("CredentialNotFound", about: "cluster").contains(missing)
                }
                let set = try await waitFor("pods are made") {
                    try await scenario.get(.statefulSets, "cluster-agent")
                }
                let configuration = try await scenario.configuration()
                #expect(configuration?.contains("/etc/prometheus/secrets/creds/password") == true)

                try await scenario.apply(.secrets, "creds", ["stringData": ["user": "me"]])
                let wrong = """
                    spec.remoteWrite[1].basicAuth.password: Secret \(scenario.namespace)/creds has no key "password"; \
                    it has: user
                    """
                try await waitUntil("the status names what the Secret has") {
                    let agent = try await scenario.get(PrometheusAgent.resource, "cluster")
                    return agent?.json["status", "conditions"]?.array?.contains { $0["message"]?.string == wrong }
                        == true
                }
                try await scenario.apply(.secrets, "creds", ["stringData": ["user": "me", "password": "s3cret"]])
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster")
                let after = try await scenario.get(.statefulSets, "cluster-agent")
                #expect(after?.generation == set.generation, "pods are the same")
                #expect(try await scenario.configuration() == configuration)
                #expect(try scenario.tributary.log.lines.allSatisfy { !$0.contains("s3cret") })
            }
        }
    }
}
