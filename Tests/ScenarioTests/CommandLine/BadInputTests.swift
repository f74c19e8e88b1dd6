import TestSupport
import Testing

/// The messages for bad input: one line each, with the place, what was found and what is expected.
@Suite struct `Bad input of tributary render` {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var input: String
        var errors: [String]

        init(_ name: String, _ input: String, _ errors: String...) {
            testDescription = name
            self.input = input
            self.errors = errors
        }
    }

    private static let view = """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, namespace: observability}
        spec:
          thanos:
            query: {url: "http://query:9090"}
            hashrings:
            - name: hashring-0
              adopt: {selector: {matchLabels: {ring: hashring-0}}}
            - name: default
              soft: true
              adopt: {selector: {matchLabels: {ring: default}}}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: receive, namespace: observability, labels: {ring: default}}
        spec: {replicas: 3}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: receive-0, namespace: observability, labels: {ring: hashring-0}}
        spec: {replicas: 3}

        """

    private static func tenant(_ name: String, _ spec: String = "") -> String {
        """
        ---
        apiVersion: tributary.dev/v1alpha1
        kind: Tenant
        metadata: {name: \(name), namespace: observability}
        spec:
          globalViewRef: {name: main}
        \(spec)
        """ + "\n"
    }

    static let cases = [
        Case(
            "malformed YAML", "a: [1, 2\nb: 3\n",
            "<stdin>:2:2: error: did not find expected ',' or ']' while parsing a flow sequence that begins at "
                + "1:4"),
        Case(
            "a key given twice", "kind: Tenant\nkind: Tenant\n",
            "<stdin>:2:1: error: the key \"kind\" is given twice, first at 1:1"),
        Case(
            "a wrong type", view + tenant("tenant-b", "  id: [1]"),
            "<stdin>:29:3: error: Tenant observability/tenant-b: spec.id: found a list, should be a string"),
        Case(
            "a value out of bounds", view + tenant("tenant-b", "  read: {replicas: 101}"),
            "<stdin>:29:10: error: Tenant observability/tenant-b: spec.read.replicas: found 101, should be less than or "
                + "equal to 100"),
        Case(
            "a word that is not one of the allowed ones", view + tenant("tenant-b", "  deletionPolicy: Keep"),
            "<stdin>:29:3: error: Tenant observability/tenant-b: spec.deletionPolicy: found \"Keep\", should be one of "
                + "\"Retain\", \"Remove\""),
        Case(
            "text that does not match the pattern", view + tenant("tenant-b", "  id: a/b"),
            "<stdin>:29:3: error: Tenant observability/tenant-b: spec.id: found \"a/b\", should match "
                + "'^[A-Za-z0-9!_.*'()@:+=~?\\[\\]^\\\\-]+$'"),
        Case(
            "a missing field",
            "apiVersion: tributary.dev/v1alpha1\nkind: Tenant\nmetadata: {name: x, namespace: team}\nspec: {}\n",
            "<stdin>:4:1: error: Tenant team/x: spec.globalViewRef: is required"),
        Case(
            "a reference to a missing object", view + tenant("tenant-b").replacing("main}", with: "other}"),
            "<stdin>:28:19: error: Tenant observability/tenant-b: spec.globalViewRef.name: \"other\" is not a GlobalView "
                + "of namespace \"observability\" (it has: main)"),
        Case(
            "an ID that is given twice", view + tenant("first", "  id: acme") + tenant("second", "  id: acme"),
            "<stdin>:36:3: error: Tenant observability/second: spec.id: \"acme\" is already the id of Tenant "
                + "\"observability/first\"; each id belongs to one Tenant"),
        Case(
            "an unknown ring", view + tenant("tenant-b", "  hashring: ring-b"),
            "<stdin>:29:3: error: Tenant observability/tenant-b: spec.hashring: \"ring-b\" is not a hashring of "
                + "GlobalView \"main\" (it has: hashring-0, default)"),
        Case(
            "an object given twice", view + tenant("tenant-b") + tenant("tenant-b"),
            "<stdin>:31:1: error: Tenant observability/tenant-b: is given twice, first at <stdin>:24:1"),
        Case(
            "a broken rule", view.replacing("  thanos:", with: "  external: {writeURL: \"http://x\"}\n  thanos:"),
            "<stdin>:4:1: error: GlobalView observability/main: spec: found thanos and external, should have "
                + "exactly one of \"prometheus\", \"thanos\" and \"external\""),
        Case(
            "a wrong field in an element of a list", view.replacing("soft: true", with: "soft: \"yes\""),
            "<stdin>:11:7: error: GlobalView observability/main: spec.thanos.hashrings[1].soft: found a string, should "
                + "be true or false"),
        Case(
            "a document that is not an object", "- a\n- b\n",
            "<stdin>:1:1: error: not a Kubernetes object: found a list, expected apiVersion, kind and metadata.name"),
        Case(
            "no kind", "apiVersion: v1\nmetadata: {name: x}\n",
            "<stdin>:1:1: error: not a Kubernetes object: kind: is missing, expected a string"),
        Case(
            "no name", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 1}\n",
            "<stdin>:3:12: error: not a Kubernetes object: metadata.name: found an integer, expected a string"),
        Case(
            "a namespace that is a boolean in YAML",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: y}\n",
            "<stdin>:3:21: error: not a Kubernetes object: metadata.namespace: found a boolean, expected a string"),
        Case(
            "an empty file", "\n# only a comment\n",
            "<stdin>: error: no manifest found; expected Kubernetes objects in YAML or JSON"),
        Case(
            "an element of a list that is not an object",
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: x}\n- 7\n",
            "<stdin>:7:3: error: not a Kubernetes object: found an integer, expected apiVersion, kind and metadata.name"
        ),
    ]

    @Test(arguments: cases) func `Each fault is reported on one line`(bad: Case) async throws {
        let outcome = try await Tool.run("render", "-f", "-", input: bad.input)
        #expect(outcome.code == 1)
        #expect(outcome.errorLines == bad.errors)
    }

    @Test func `A fault in a file is reported with the name of the file`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let view = try folder.write("10-view.yaml", Self.view)
        let tenants = try folder.write("nested/tenants.yaml", Self.tenant("tenant-b", "  hashring: ring-b"))
        for paths in [[folder.root], [view, tenants]] {
            let outcome = try await Tool.run(["render", "-f"] + paths)
            #expect(outcome.code == 1)
            #expect(
                outcome.errorLines == [
                    "\(tenants):7:3: error: Tenant observability/tenant-b: spec.hashring: \"ring-b\" is not a hashring "
                        + "of GlobalView \"main\" (it has: hashring-0, default)"
                ])
        }
    }

    @Test func `A fault in one object does not keep the others from being printed`() async throws {
        let input = Self.view + Self.tenant("tenant-a") + Self.tenant("tenant-b", "  hashring: ring-b")
        let outcome = try await Tool.run("render", "-f", "-", input: input)
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("name: tenant-a-read"))
        #expect(!outcome.output.contains("name: tenant-b-read"))
    }

    @Test func `A file that does not exist and a folder without manifests are reported`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let missing = try await Tool.run("render", "-f", folder.path("nothing.yaml"))
        #expect(missing.code == 1)
        #expect(
            missing.errors
                == "\(folder.path("nothing.yaml")): error: no such file or folder\n")
        let empty = try await Tool.run("render", "-f", folder.root)
        #expect(empty.code == 1)
        #expect(
            empty.errors
                == "\(folder.root): error: no manifest found; expected Kubernetes objects in YAML or JSON\n")
    }

    @Test func `A document that is nested too deep or expands too far is refused quickly`() async throws {
        let deep = try await Tool.run("render", "-f", "-", input: String(repeating: "[", count: 100_000))
        #expect(deep.code == 1)
        #expect(deep.errorLines.count == 1)
        #expect(deep.errors.hasPrefix("<stdin>:1:"))
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<10 {
            let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let large = try await Tool.run("render", "-f", "-", input: bomb)
        #expect(large.code == 1)
        #expect(large.errorLines.count == 1)
        #expect(large.errors.hasPrefix("<stdin>:"))
    }

    @Test func `Messages do not contain the values of Secrets`() async throws {
        let input = """
            apiVersion: v1
            kind: Secret
            metadata: {name: x}
            stringData: {password: hunter2, password: hunter2}
            """
        let outcome = try await Tool.run("render", "-f", "-", input: input)
        #expect(outcome.code == 1)
        #expect(!outcome.errors.contains("hunter2"))
    }
}
