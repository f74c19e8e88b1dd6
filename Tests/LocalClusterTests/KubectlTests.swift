import Kube
import LocalCluster
import TestSupport
import Testing

/// The real kubectl. The tests are skipped if it is not installed.
@Suite("kubectl with a local cluster", .enabled(if: ChildProcess.find("kubectl") != nil, "kubectl is not on PATH"))
struct KubectlTests {
    /// kubectl with a cluster, and a folder for manifests and its caches.
    private struct Kubectl: Sendable {
        let program: String
        let kubeconfig: String
        let folder: TemporaryDirectory

        /// Runs a command and returns its output. Throws an error with the output if the command fails.
        @discardableResult
        func run(_ command: String, extra: [String] = []) async throws -> String {
            let (code, output) = try await attempt(command, extra: extra)
            if code != 0 { throw Failure(command: command, output: output) }
            return output
        }

        func attempt(_ command: String, extra: [String] = []) async throws -> (code: Int32, output: String) {
            let arguments = command.split(separator: " ").map(String.init) + extra
            return try await ChildProcess.run(
                program, ["--kubeconfig", kubeconfig, "--cache-dir", folder.path("cache")] + arguments)
        }
    }

    private struct Failure: Error {
        var command: String
        var output: String
    }

    private func with(_ body: (Kubectl, LocalCluster) async throws -> Void) async throws {
        let cluster = LocalCluster()
        try await cluster.start()
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        do {
            let kubectl = Kubectl(
                program: try #require(ChildProcess.find("kubectl")),
                kubeconfig: try folder.write("kubeconfig", cluster.kubeconfig), folder: folder)
            try await body(kubectl, cluster)
            await cluster.stop()
        } catch {
            await cluster.stop()
            throw error
        }
    }

    private static let manifest = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, labels: {app: web}}
        data: {colour: red}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: main, image: "example.com/web:1"}]}
        """

    @Test func `Kubectl applies, prints, changes and deletes built-in kinds`() async throws {
        try await with { kubectl, _ in
            let file = try kubectl.folder.write("web.yaml", Self.manifest)
            #expect(
                try await kubectl.run("apply -f \(file)") == "configmap/settings created\ndeployment.apps/web created\n"
            )
            #expect(
                try await kubectl.run("apply -f \(file)")
                    == "configmap/settings unchanged\ndeployment.apps/web unchanged\n")
            let changed = try kubectl.folder.write(
                "web.yaml", Self.manifest.replacing("red", with: "blue").replacing("web:1", with: "web:2"))
            #expect(
                try await kubectl.run("apply -f \(changed)")
                    == "configmap/settings configured\ndeployment.apps/web configured\n")
            #expect(try await kubectl.run("get configmap settings -o jsonpath={.data.colour}") == "blue")
            #expect(try await kubectl.run("get cm -l app=web -o name") == "configmap/settings\n")
            #expect(try await kubectl.run("get deploy web").contains("READY   UP-TO-DATE   AVAILABLE   AGE"))
            #expect(try await kubectl.run("get cm settings -o yaml").contains("colour: blue"))
            #expect(try await kubectl.run("describe configmap settings").contains("colour:\n----\nblue"))
            #expect(try await kubectl.run("describe deployment web").contains("example.com/web:2"))
            #expect(try await kubectl.run("scale deployment web --replicas=3") == "deployment.apps/web scaled\n")
            #expect(try await kubectl.run("label cm settings tier=front") == "configmap/settings labeled\n")
            #expect(try await kubectl.run("annotate cm settings note=hello") == "configmap/settings annotated\n")
            try await kubectl.run("patch cm settings --type=merge -p", extra: [#"{"data":{"size":"large"}}"#])
            try await kubectl.run(
                "patch cm settings --type=json -p", extra: [#"[{"op":"remove","path":"/data/size"}]"#])
            try await kubectl.run(
                "patch deployment web -p",
                extra: [
                    #"{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"example.com/side:1"}]}}}}"#
                ])
            let images = "{.spec.template.spec.containers[*].name} {.spec.replicas}"
            let found = try await kubectl.run("get deployment web -o", extra: ["jsonpath=\(images)"])
            #expect(Set(found.split(separator: " ")) == ["main", "side", "3"])
            #expect(try await kubectl.run("delete -f \(file)").contains("deployment.apps \"web\" deleted"))
            #expect(try await kubectl.attempt("get cm settings").output.contains("configmaps \"settings\" not found"))
        }
    }

    @Test func `Kubectl uses server-side apply and reports conflicts`() async throws {
        try await with { kubectl, _ in
            let file = try kubectl.folder.write("web.yaml", Self.manifest)
            #expect(
                try await kubectl.run("apply --server-side -f \(file)").contains(
                    "configmap/settings serverside-applied"))
            let other = try kubectl.folder.write("web.yaml", Self.manifest.replacing("red", with: "green"))
            let refused = try await kubectl.attempt("apply --server-side --field-manager=other -f \(other)")
            #expect(refused.code != 0 && refused.output.contains("conflict with \"kubectl\": .data.colour"))
            try await kubectl.run("apply --server-side --field-manager=other --force-conflicts -f \(other)")
            #expect(try await kubectl.run("get cm settings -o jsonpath={.data.colour}") == "green")
        }
    }

    @Test func `Kubectl knows the kinds of a CustomResourceDefinition`() async throws {
        try await with { kubectl, _ in
            let definition = try kubectl.folder.write("crd.json", Widgets.definition.json.text())
            try await kubectl.run("apply -f \(definition)")
            try await kubectl.run("wait --for=condition=Established crd/widgets.test.example.com --timeout=10s")
            #expect(
                try await kubectl.run("api-resources --api-group=test.example.com").contains(
                    "wd           test.example.com/v1"))
            #expect(try await kubectl.run("explain widget.spec.size").contains("How big the widget is."))
            #expect(try await kubectl.run("explain widgets").contains("A widget is a thing for tests."))
            let widget = try kubectl.folder.write(
                "widget.yaml",
                """
                apiVersion: test.example.com/v1
                kind: Widget
                metadata: {name: w}
                spec: {size: small}
                """)
            try await kubectl.run("apply -f \(widget)")
            #expect(try await kubectl.run("get wd").contains("NAME   SIZE    READY"))
            let unknown = try kubectl.folder.write(
                "wrong.yaml",
                """
                apiVersion: test.example.com/v1
                kind: Widget
                metadata: {name: x}
                spec: {size: small, colour: red}
                """)
            let refused = try await kubectl.attempt("apply -f \(unknown)")
            #expect(refused.output.contains("strict decoding error: unknown field \"spec.colour\""))
            try await kubectl.run("scale widget w --replicas=4")
            try await kubectl.run(
                "patch widget w --subresource=status --type=merge -p",
                extra: [#"{"status":{"conditions":[{"type":"Ready","status":"True"}]}}"#])
            try await kubectl.run("wait --for=condition=Ready widget/w --timeout=10s")
            #expect(try await kubectl.run("get wd w -o", extra: ["jsonpath={.spec.replicas}"]) == "4")
            #expect(
                try await kubectl.run("get wd w --no-headers").split(separator: " ").map(String.init).prefix(3) == [
                    "w", "small", "True\n",
                ])
            try await kubectl.run("delete widget w")
            try await kubectl.run("delete crd widgets.test.example.com")
        }
    }

    @Test func `A Deployment gets ready pods, and its Service gets their addresses`() async throws {
        try await with { kubectl, _ in
            let file = try kubectl.folder.write("web.yaml", Self.manifest)
            let service = try kubectl.folder.write(
                "service.yaml",
                """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec: {selector: {app: web}, ports: [{port: 80}]}
                """)
            try await kubectl.run("apply -f \(file) -f \(service)")
            #expect(
                try await kubectl.run("rollout status deployment/web --timeout=20s").contains("successfully rolled out")
            )
            try await kubectl.run("wait --for=condition=Ready pod -l app=web --timeout=20s")
            #expect(try await kubectl.run("get deploy web --no-headers").contains("2/2"))
            try await waitUntil("both pods are endpoints") {
                try await kubectl.run("describe service web").contains(",10.")
            }
            try await kubectl.run("delete deployment web")
            try await waitUntil("the pods are deleted") { try await kubectl.run("get pods -o name").isEmpty }
        }
    }

    @Test func `Kubectl creates namespaces, ConfigMaps and Secrets from its command line`() async throws {
        try await with { kubectl, _ in
            try await kubectl.run("create namespace team-a")
            try await kubectl.run("create configmap c -n team-a --from-literal=colour=red")
            try await kubectl.run("create secret generic s -n team-a --from-literal=password=hello")
            #expect(try await kubectl.run("get cm c -n team-a -o jsonpath={.data}") == #"{"colour":"red"}"#)
            #expect(
                try await kubectl.run("get secret s -n team-a -o jsonpath={.type}:{.data.password}")
                    == "Opaque:aGVsbG8=")
        }
    }

    @Test func `Kubectl watches objects`() async throws {
        try await with { kubectl, _ in
            let file = try kubectl.folder.write("web.yaml", Self.manifest)
            let watch = try ChildProcess(
                kubectl.program, ["--kubeconfig", kubectl.kubeconfig, "get", "cm", "-w", "--output-watch-events"],
                logPath: kubectl.folder.path("watch.log"))
            do {
                try await kubectl.run("apply -f \(file)")
                try await waitUntil("kubectl prints the creation") { watch.log.contains("ADDED") }
                try await kubectl.run("label cm settings tier=front")
                try await kubectl.run("delete cm settings")
                try await waitUntil("kubectl prints the deletion") { watch.log.contains("DELETED") }
                #expect(watch.log.contains("MODIFIED   settings   1"))
            } catch {
                await watch.stop()
                throw error
            }
            await watch.stop()
        }
    }
}
