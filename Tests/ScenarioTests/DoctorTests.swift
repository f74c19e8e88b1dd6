import Kube
import KubeClient
import LocalCluster
import Planning
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

@testable import tributary

extension Scenarios {
    @Suite("The doctor", .timeLimit(.minutes(3))) struct DoctorTests {
        private struct Lines {
            var code: Int32
            var checks: [JSON]

            /// The lines of a check as `level found`.
            func of(_ check: String) -> [String] {
                checks.filter { $0["check"]?.string == check }.map {
                    "\($0["level"]?.string ?? "") \($0["found"]?.string ?? "")"
                }
            }
        }

        private static func examine(_ scenario: Scenario) async throws -> Lines {
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            let kubeconfig: String
            if let local = scenario.local {
                kubeconfig = try folder.write("kubeconfig", local.kubeconfig)
            } else {
                kubeconfig = try #require(SharedAPIServer.current.withLock { $0?.server.kubeconfig })
            }
            let outcome = try await Tool.run("doctor", "--kubeconfig", kubeconfig, "-o", "json")
            #expect(outcome.errors == "", "no progress, and no error")
            return Lines(code: outcome.code, checks: try JSON(parsing: outcome.output)["checks"]?.array ?? [])
        }

        /// A pod of the operator, which no controller makes.
        private static func operatorPod(_ namespace: String, _ name: String, account: String) -> Object {
            Object([
                "metadata": [
                    "name": JSON(name), "namespace": JSON(namespace),
                    "labels": ["app.kubernetes.io/name": "tributary", "app.kubernetes.io/component": "operator"],
                ],
                "spec": [
                    "serviceAccountName": JSON(account), "automountServiceAccountToken": false,
                    "securityContext": [
                        "runAsNonRoot": true, "runAsUser": 65532, "seccompProfile": ["type": "RuntimeDefault"],
                    ],
                    "containers": [
                        [
                            "name": "tributary", "image": "tributary:0.0.9", "args": ["run"],
                            "securityContext": [
                                "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
                            ],
                        ]
                    ],
                ],
            ])
        }

        @Test(arguments: ClusterKind.available)
        func `The doctor tells which permissions, images and kinds are missing`(kind: ClusterKind) async throws {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                let ns = scenario.namespace
                let before = try await Self.examine(scenario)
                #expect(before.of("API server").first?.hasPrefix("ok version v1.") == true)
                #expect(before.of("clock").map { $0.prefix(3) } == ["ok "])
                #expect(before.of("definitions") == ["ok all 3 are those of version \(Release.version)"])

                // The pod of an operator whose ServiceAccount has no permissions, and whose image does not exist.
                try await scenario.apply(.serviceAccounts, "nobody", [:])
                try await scenario.client.create(.pods, Self.operatorPod(ns, "operator", account: "nobody"))
                try await scenario.client.patch(
                    .pods, scenario.key("operator"), .merge,
                    body: [
                        "status": [
                            "containerStatuses": [
                                [
                                    "name": "tributary", "image": "tributary:0.0.9", "imageID": "", "ready": false,
                                    "restartCount": 0,
                                    "state": ["waiting": ["reason": "ErrImagePull", "message": "not found"]],
                                ]
                            ]
                        ]
                    ], subresource: "status")
                try await scenario.apply(
                    GlobalView.resource, "main",
                    [
                        "spec": [
                            "prometheus": ["replicas": 1], "gateway": [:],
                            "httpRoute": ["host": "m.example.invalid", "parentRefs": [["name": "edge"]]],
                        ]
                    ])
                let found = try await Self.examine(scenario)
                #expect(found.code == 2)
                #expect(found.of("images") == ["error tributary:0.0.9: ErrImagePull in pod \(ns)/operator: not found"])
                #expect(found.of("operator").first?.hasPrefix("error 0 of 1 pods in") == true, "\(found)")
                #expect(found.of("operator").contains { $0.hasPrefix("warning its image is tributary:0.0.9") })
                #expect(found.of("leader") == ["error there is no Lease \(ns)/tributary.tributary.dev: nobody leads"])
                #expect(
                    found.of("kinds").contains(
                        "error the API server does not serve httproutes.gateway.networking.k8s.io, which GlobalView "
                            + "\(ns)/main needs"), "\(found.of("kinds"))")
                #expect(
                    found.of("reachability").contains {
                        $0.hasSuffix("are only reached from within the cluster, and this program runs outside of it")
                    })
                guard kind == .real else { return }
                let refused = found.of("permissions")
                #expect(
                    refused.contains {
                        $0.hasPrefix(
                            "error system:serviceaccount:\(ns):nobody may not get,list,watch,create,patch,delete secrets"
                        )
                    }, "\(refused)")
                #expect(
                    refused.contains { $0.hasPrefix("warning system:serviceaccount:\(ns):nobody may not get pods/log") }
                )

                // The ServiceAccount of the manifests has what it needs.
                try await scenario.client.delete(.pods, scenario.key("operator"), DeleteOptions(gracePeriodSeconds: 0))
                let pod = Self.operatorPod("tributary-system", "doctor-\(ns)", account: "tributary")
                try await scenario.client.create(.pods, pod, WriteOptions())
                let good = try await Self.examine(scenario).of("permissions")
                try await scenario.client.delete(.pods, pod.key, DeleteOptions(gracePeriodSeconds: 0))
                #expect(good.count == 1)
                #expect(
                    good.first?.hasPrefix("ok system:serviceaccount:tributary-system:tributary has all ") == true,
                    "\(good)")
            }
        }

        @Test func `The doctor asks servers where they can be reached`() async throws {
            let server = try await ScriptedServer.start { request, reply in
                try await reply.respond(request.path == "/bad" ? 503 : 401)
            }
            let closed = try freePort()
            let client = KubeClient(try ClusterConfiguration(server: server.url), logger: quiet)
            func lines(_ urls: [String], isInside: Bool) async -> [String] {
                let addresses = urls.map {
                    (owner: "GlobalView a/main", address: ViewAddress(role: "query API", url: $0))
                }
                return await ServerReach(client: client, isInside: isInside).lines(addresses).map {
                    "\($0.level) \($0.found)"
                }
            }
            let inside = await lines(
                ["\(server.url)/good", "\(server.url)/bad", "http://127.0.0.1:\(closed)/"], isInside: true)
            let outside = await lines(["\(server.url)/good", "http://main-query.a.svc:9090/-/ready"], isInside: false)
            await client.shutdown()
            await server.stop()
            #expect(inside.count == 3)
            #expect(inside[0] == "ok query API of GlobalView a/main at \(server.url)/good answers")
            #expect(
                inside[1] == "warning query API of GlobalView a/main at \(server.url)/bad answers with HTTP status 503")
            #expect(inside[2].hasPrefix("error query API of GlobalView a/main at http://127.0.0.1:\(closed)/: "))
            #expect(
                outside == [
                    "note 2 servers are only reached from within the cluster, and this program runs outside of it"
                ])
        }
    }
}
