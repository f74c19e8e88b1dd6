import Kube
import Testing
import YAML

@testable import LocalCluster

@Suite("Tables of kubectl get") struct TableTests {
    private let now = Timestamp(seconds: 1_000_000)

    /// The row that `kubectl get -o wide` shows for an object that is five minutes old.
    private func row(_ type: ResourceType, _ yaml: String) throws -> [JSON] {
        var json = try #require(try YAML.parse(yaml).first).value
        json["metadata", "name"] = "x"
        json["metadata", "creationTimestamp"] = .string(now.advanced(by: .seconds(-300)).description)
        let object = type.defaulted(Object(json))
        return try #require(type.table(of: [object], now: now)["rows"]?[0]?["cells"]?.array)
    }

    private func row(_ resource: Resource, _ yaml: String) throws -> [JSON] {
        try row(try #require(Registry().lookup(resource)), yaml)
    }

    @Test(arguments: [
        (0, "0s"), (119, "119s"), (120, "2m"), (121, "2m1s"), (599, "9m59s"), (600, "10m"), (10_799, "179m"),
        (10_800, "3h"), (28_799, "7h59m"), (28_800, "8h"), (172_799, "47h"), (172_800, "2d"), (176_400, "2d1h"),
        (691_200, "8d"), (63_071_999, "729d"), (63_072_000, "2y"), (252_288_000, "8y"), (-5, "<invalid>"),
    ])
    func `Ages are printed in their short form`(seconds: Int, text: String) {
        #expect(Age.text(.seconds(seconds)) == text)
    }

    @Test func `The row of a pod summarizes its containers`() throws {
        let running = """
            spec: {nodeName: n1, containers: [{name: a}, {name: b}]}
            status:
              phase: Running
              podIPs: [{ip: 10.0.0.1}]
              containerStatuses:
              - {name: a, ready: true, restartCount: 2, state: {running: {}}}
              - {name: b, ready: false, restartCount: 1, state: {waiting: {reason: CrashLoopBackOff}}}
            """
        #expect(
            try row(.pods, running) == [
                "x", "1/2", "CrashLoopBackOff", "3", "5m", "10.0.0.1", "n1", "<none>", "<none>",
            ])
        #expect(try row(.pods, "spec: {containers: [{name: a}]}")[1...2] == ["0/1", "Pending"])
        let leaving = "{metadata: {deletionTimestamp: x}, spec: {containers: [{name: a}]}, status: {phase: Running}}"
        #expect(try row(.pods, leaving)[2] == "Terminating")
        let starting = """
            spec: {initContainers: [{name: i}, {name: j}], containers: [{name: a}]}
            status: {phase: Pending, initContainerStatuses: [{name: i, state: {terminated: {exitCode: 0}}}, {name: j, state: {running: {}}}]}
            """
        #expect(try row(.pods, starting)[2] == "Init:1/2")
    }

    @Test func `The row of a workload has the ready and the desired number of pods`() throws {
        let spec =
            "spec: {replicas: 3, selector: {matchLabels: {a: b}}, template: {spec: {containers: [{name: c, image: i}]}}}\n"
        #expect(
            try row(.deployments, spec + "status: {readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1}")
                == ["x", "1/3", 2, 1, "5m", "c", "i", "a=b"])
        #expect(try row(.statefulSets, spec) == ["x", "0/3", "5m", "c", "i"])
        #expect(try row(.podDisruptionBudgets, "spec: {minAvailable: 50%}") == ["x", "50%", "N/A", 0, "5m"])
    }

    @Test func `The rows of Services, EndpointSlices and Ingresses have addresses and ports`() throws {
        let service =
            "spec: {clusterIP: 10.0.0.9, selector: {a: b}, ports: [{port: 80}, {port: 53, protocol: UDP, nodePort: 30000}]}"
        #expect(
            try row(.services, service)
                == ["x", "ClusterIP", "10.0.0.9", "<none>", "80/TCP,53:30000/UDP", "5m", "a=b"])
        #expect(try row(.services, "spec: {type: LoadBalancer}")[3] == "<pending>")
        let slice =
            "{addressType: IPv4, ports: [{port: 80}], endpoints: [{addresses: [a]}, {addresses: [b]}, {addresses: [c]}, {addresses: [d]}]}"
        #expect(try row(.endpointSlices, slice) == ["x", "IPv4", "80", "a,b,c + 1 more...", "5m"])
        let ingress = "spec: {ingressClassName: nginx, tls: [{}], rules: [{host: a.example.org}]}"
        #expect(try row(.ingresses, ingress) == ["x", "nginx", "a.example.org", "", "80, 443", "5m"])
    }

    @Test func `The rows of ConfigMaps, Secrets, namespaces, bindings and events have their content`() throws {
        #expect(try row(.configMaps, "{data: {a: b}, binaryData: {c: d}}") == ["x", 2, "5m"])
        #expect(try row(.secrets, "stringData: {a: b}") == ["x", "Opaque", 1, "5m"])
        #expect(try row(.namespaces, "{}") == ["x", "Active", "5m"])
        let binding = "{roleRef: {kind: Role, name: r}, subjects: [{kind: ServiceAccount, namespace: ns, name: s}]}"
        #expect(try row(.roleBindings, binding) == ["x", "Role/r", "5m", "", "", "ns/s"])
        let event = """
            {type: Warning, reason: Bad, note: It is bad., eventTime: "1970-01-12T13:45:40.000000Z",
             regarding: {kind: Pod, name: p}, reportingController: t, reportingInstance: i}
            """
        #expect(
            try row(.events, event)
                == ["60s", "Warning", "Bad", "pod/p", "", "t, i", "It is bad.", "60s", 1, "x"])
    }

    @Test func `The row of a custom resource has the columns of its definition`() throws {
        let type = try #require(
            try registryWithWidgets().lookup(group: "example.org", version: "v1", plural: "widgets"))
        let headers = type.table(of: [])["columnDefinitions"]?.array ?? []
        #expect(headers.map { $0["name"]?.string } == ["Name", "Size", "Ready", "Seen", "Big", "Age"])
        #expect(headers[4]["priority"] == 1)
        #expect(headers[4]["description"] == "Whether the widget is big.")
        let widget = """
            spec: {size: 3}
            status:
              seen: "1970-01-12T13:45:40Z"
              conditions: [{type: Other, status: "False"}, {type: Ready, status: "True"}]
            """
        #expect(try row(type, widget) == ["x", 3, "True", "60s", false, "5m"])
        #expect(try row(type, "spec: {size: big}") == ["x", nil, nil, nil, false, "5m"])
    }

    @Test(arguments: [
        (".spec.a", #"[1]"#), (".spec['x.y']", #"["dot"]"#), (#".spec.x\.y"#, #"["dot"]"#), ("{.spec.a}", "[1]"),
        (".spec.list[0].n", #"["p"]"#), (".spec.list[-1].n", #"["r"]"#), (".spec.list[*].n", #"["p","q","r"]"#),
        (".spec.list[0:2].n", #"["p","q"]"#), (#".spec.list[?(@.v=="2")].n"#, #"["q"]"#),
        (".spec.list[?(@.i>1)].n", #"["q","r"]"#), (".spec.list[?(@.flag)].n", #"["r"]"#),
        (#".spec.list[?(@.v!='2')].n"#, #"["p","r"]"#), (".spec.absent.more", "[]"),
    ])
    func `The path of a column leads to values`(path: String, found: String) throws {
        let object: JSON = [
            "spec": [
                "a": 1, "x.y": "dot",
                "list": [
                    ["n": "p", "v": "1", "i": 1], ["n": "q", "v": "2", "i": 2],
                    ["n": "r", "v": "3", "i": 3, "flag": true],
                ],
            ]
        ]
        let parsed = try #require(JSONPath(path))
        #expect(JSON.array(parsed.values(in: object)).text() == found)
    }

    @Test(arguments: ["spec", ".spec[", ".a[?(@.b==", ".a[x]", ".a[?(b)]"])
    func `An invalid path is not parsed`(text: String) {
        #expect(JSONPath(text) == nil)
    }

    @Test func `A row contains the metadata of its object, the whole object or nothing`() throws {
        let type = try #require(Registry().lookup(.configMaps))
        let object = Object(.configMaps, namespace: "n", name: "c", ["data": ["a": "b"]])
        let table = type.table(of: [object], metadata: ["resourceVersion": "7"])
        #expect(table["rows"]?[0]?["object", "kind"] == "PartialObjectMetadata")
        #expect(table["rows"]?[0]?["object", "data"] == nil)
        #expect(table["metadata", "resourceVersion"] == "7")
        #expect(type.table(of: [object], including: .object)["rows"]?[0]?["object"] == object.json)
        #expect(type.table(of: [object], including: .none)["rows"]?[0]?["object"] == nil)
        #expect(type.table(of: [object], headers: false)["columnDefinitions"]?.isNull == true)
    }
}
