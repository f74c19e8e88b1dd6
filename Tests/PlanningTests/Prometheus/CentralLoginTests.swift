import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("The password of a central Prometheus in plans")
struct CentralLoginTests {
    private static func view(_ more: String = "gateway: {}") -> String {
        """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, generation: 1}
        spec:
          prometheus: {web: {basicAuth: {username: {name: login, key: user}, password: {name: login, key: pass}}}}
          \(more)
        """
    }

    private static func scene(_ user: String = "central", _ password: String = "s3cret word") throws -> Scene {
        try Scene(view(), Samples.tenant("tenant-a"), Samples.secret("login", ["user": user, "pass": password]))
    }

    @Test func `Prometheus gets a hash, those that ask it get the password, and no workload has either`() throws {
        let scene = try Self.scene()
        let plan = scene.plan()
        #expect(plan.messages == [])
        let web = try plan.object("Secret", "main-prometheus-web").value("web-config.yaml")
        #expect(web.contains("basic_auth_users:") && web.contains("central: $2b$10$"), "\(web)")
        #expect(!web.contains("s3cret"))
        #expect(try scene.plan().object("Secret", "main-prometheus-web").value("web-config.yaml") == web)
        let other = try Self.scene("central", "other").plan().object("Secret", "main-prometheus-web")
        #expect(try other.value("web-config.yaml") != web)
        let basic = "Basic \(Base64.encode("central:s3cret word".utf8))"
        #expect(try plan.object("Secret", "main-gateway").value("nginx.conf").contains(#""r" "\#(basic)";"#))
        for object in plan.objects where object.kind != "Secret" {
            #expect(!object.json.text().contains("s3cret") && !object.json.text().contains(basic), "\(object)")
        }
        let relay = try plan.object("Deployment", "main-relay")
        #expect(
            relay.arguments.filter { $0.contains("upstream-") } == [
                "--upstream-username-file=/etc/tributary/login/username",
                "--upstream-password-file=/etc/tributary/login/password",
            ])
    }

    @Test func `What Prometheus would not understand stalls the view, and what runs stays`() throws {
        for (user, password, problem) in [
            ("a:b", "x", "username: should have 1 to 128 printable ASCII characters"),
            ("a", String(repeating: "x", count: 73), "password: should have 1 to 72 bytes"),
            ("a", "", "password: should"),
        ] {
            let plan = try Self.scene(user, password).plan()
            #expect(plan.diagnostics.map(\.reason) == ["LoginInvalid"])
            #expect(plan.messages.first?.contains(problem) == true, "\(plan.messages)")
            #expect(plan.keepsExisting)
            #expect(try plan.readiness(of: "main") == "False LoginInvalid")
        }
        let lacking = try Scene(Self.view()).plan()
        #expect(lacking.messages.first?.contains("there is no Secret observability/login") == true)
    }
}
