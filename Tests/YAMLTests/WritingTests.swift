import Kube
import TestSupport
import Testing
import YAML

@Suite struct `Writing YAML` {
    @Test func `An object is written as kubectl writes it`() {
        let object: JSON = [
            "apiVersion": "apps/v1",
            "metadata": ["name": "a", "labels": [:], "annotations": ["b": "true", "a": "x: y"]],
            "spec": [
                "replicas": 2, "ratio": 0.5, "tiny": 1e-7, "nothing": nil, "on": true, "empty": [],
                "args": ["--a=b", "-c", ["x", "y"], ["n": 1, "m": [:]], []],
                "config": "global:\n  x: 1\n\nother: y\n", "chomped": "a\nb", "kept": "a\n\n", "indented": "  a\nb\n",
                "tab": "a\tb", "time": "2020-01-01", "no": "no",
            ],
        ]
        let text = """
            apiVersion: apps/v1
            metadata:
              name: a
              labels: {}
              annotations:
                b: "true"
                a: 'x: y'
            spec:
              replicas: 2
              ratio: 0.5
              tiny: 1.0e-07
              nothing: null
              "on": true
              empty: []
              args:
              - --a=b
              - -c
              - - x
                - "y"
              - "n": 1
                m: {}
              - []
              config: |
                global:
                  x: 1

                other: y
              chomped: |-
                a
                b
              kept: |+
                a

              indented: |2
                  a
                b
              tab: "a\\tb"
              time: "2020-01-01"
              "no": "no"

            """
        #expect(YAML.write(object) == text)
    }

    @Test func `Documents are separated by markers and members keep their order`() {
        #expect(YAML.write(["b": 1, "a": ["d": 1, "c": 2]]) == "b: 1\na:\n  d: 1\n  c: 2\n")
        #expect(YAML.write([["a": 1], [1], "x"]) == "a: 1\n---\n- 1\n--- x\n")
        #expect(YAML.write([JSON]()) == "")
    }

    @Test(arguments: Hard.strings)
    func `A string that is hard to write survives a round trip as a value, an element, a key and a document`(
        text: String
    )
        throws
    {
        let value: JSON = .object([
            text: .string(text), "list": [.string(text), [.string(text)], ["k": .string(text)]],
        ])
        for document in [value, .string(text), [.string(text)]] {
            let written = YAML.write([document, document])
            #expect(try YAML.parse(written).map(\.value) == [document, document], "\(written)")
        }
    }

    @Test func `Random values survive a round trip`() throws {
        var random = SeededNumbers(seed: 1)
        for _ in 0..<3000 {
            let value = Hard.value(&random)
            let written = YAML.write(value)
            let read = try YAML.parse(written).map(\.value)
            #expect(read == (value.isNull ? [] : [value]), "\(written)")
        }
    }

    @Test(.enabled(if: OtherReader.hasPyYAML)) func `PyYAML reads the written text as the same values`() throws {
        var random = SeededNumbers(seed: 2)
        let values = (0..<1500).map { _ in JSON.array([Hard.value(&random)]) } + [JSON(Hard.strings)]
        let read = try #require(OtherReader.pyYAML(YAML.write(values)))
        #expect(read.count == values.count)
        for (value, read) in zip(values, read) where value != read { Issue.record("\(value) was read as \(read)") }
    }

    @Test(.enabled(if: OtherReader.hasKubectl)) func `Kubectl reads the written text as the same values`() throws {
        var random = SeededNumbers(seed: 3)
        var spec: JSON.Members = [:]
        for (index, text) in Hard.strings.enumerated() where !text.contains("\u{0}") {
            spec["s\(index)"] = [.string(text), .object([text: 1])]
        }
        for index in 0..<1500 { spec["v\(index)"] = [Hard.value(&random)] }
        let text = YAML.write(.object(["spec": .object(spec)])).dropFirst("spec:\n".count)
        let read = try #require(OtherReader.kubectl(spec: String(text)))
        for (key, value) in spec where read[key] != value { Issue.record("\(value) was read as \(read[key] ?? nil)") }
    }

    @Test func `Ten thousand Deployments are written and read in a few seconds`() throws {
        let deployment = try YAML.parseOne(Examples.deployment).value
        let documents = (0..<10_000).map { index in
            var copy = deployment
            copy["metadata", "name"] = .string("deployment-\(index)")
            return copy
        }
        let clock = ContinuousClock()
        var bytes: [UInt8] = []
        let writing = clock.measure { bytes = YAML.encode(documents) }
        var read: [YAMLDocument] = []
        let reading = try clock.measure { read = try YAML.parse(bytes) }
        #expect(read.count == documents.count)
        #expect(read.last?.value == documents.last)
        print("YAML of \(bytes.count) bytes: written in \(writing), read in \(reading)")
        // Without optimisation and on a busy machine; optimised code takes a tenth of it.
        #expect(writing < .seconds(60) && reading < .seconds(60))
    }
}

enum Examples {
    static let deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          namespace: shop
          labels: &labels
            app.kubernetes.io/name: web
            app.kubernetes.io/part-of: shop
          annotations:
            note: "yes"
            config: |
              a: 1
                b: 2

              c
        spec:
          replicas: 3
          selector: {matchLabels: *labels}
          template:
            metadata:
              labels:
                <<: *labels
                extra: 'x: y'
            spec:
              containers:
              - name: web
                image: "registry.example.com/web:1.2.3"
                args: [--listen=:8080, "--flag", '--x=''y''']
                ports:
                - {containerPort: 8080, name: http, protocol: TCP}
                resources:
                  requests: {cpu: 100m, memory: 64Mi}
                  limits: {memory: 128Mi}
                readinessProbe:
                  httpGet: {path: /ready, port: http}
                  periodSeconds: 5
                env:
                - name: MODE
                  value: !!str 1
                - name: RATIO
                  value: ".5"
              volumes:
              - name: tmp
                emptyDir: {}
        """
}
