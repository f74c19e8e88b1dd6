import Kube
import Testing
import TributaryAPI
import YAML

@testable import Conversion

@Suite("Converting a central Prometheus")
struct ServerConversionTests {
    private static func theirs(_ spec: String) throws -> Object {
        Object(
            try YAML.parseOne(
                """
                apiVersion: monitoring.coreos.com/v1
                kind: Prometheus
                metadata: {name: central, namespace: monitoring, uid: u}
                spec: {version: v2.53.3, \(spec)}
                """
            ).value)
    }

    private static func convert(_ spec: String) throws -> ServerConversion {
        let object = try theirs(spec)
        #expect(ServerConversion.reads(object))
        return try ServerConversion(object)
    }

    private static func findings(_ conversion: ServerConversion) -> [String] {
        conversion.findings.map { "\($0.field)" }
    }

    @Test(arguments: [
        "enableRemoteWriteReceiver: true", "enableFeatures: [remote-write-receiver]",
        "enableFeatures: [\"exemplar-storage,remote-write-receiver\"]",
        "additionalArgs: [{name: web.enable-remote-write-receiver}]",
        "containers: [{name: prometheus, args: [--web.enable-remote-write-receiver]}]",
    ]) func `A Prometheus that receives remote writes becomes a GlobalView`(flag: String) throws {
        let conversion = try Self.convert(flag)
        let view = conversion.view
        #expect(view.kind == "GlobalView" && view.name == "central" && view.namespace == "monitoring")
        #expect(view.uid == nil)
        #expect(GlobalView.problems(in: view).map(\.description) == [])
        #expect(view.json["spec", "prometheus", "version"] == "v2.53.3")
        let text = view.json.text()
        #expect(!text.contains("remote-write-receiver"), "\(text)")
        #expect(text.contains("exemplar-storage") == flag.contains("exemplar-storage"))
    }

    @Test func `A Prometheus that receives no remote writes is not taken for a central one`() throws {
        #expect(!ServerConversion.reads(try Self.theirs("retention: 1d")))
        #expect(!ServerConversion.reads(try Self.theirs("enableFeatures: [agent, remote-write-receiver]")))
        let error = #expect(throws: FieldError.self) { try ServerConversion(Self.theirs("retention: 1d")) }
        #expect(error.map { "\($0)" }?.hasPrefix("spec.enableRemoteWriteReceiver: is not true") == true)
    }

    @Test func `Fields of a central Prometheus with a counterpart are taken over`() throws {
        let conversion = try Self.convert(
            """
            enableRemoteWriteReceiver: true, replicas: 2, retention: 30d, retentionSize: 400GB,
            tsdb: {outOfOrderTimeWindow: 30m}, externalLabels: {region: eu}, serviceMonitorSelector: {},
            podMonitorNamespaceSelector: {matchLabels: {a: b}}, scrapeInterval: 15s, walCompression: true,
            nodeSelector: {disk: fast}, resources: {requests: {memory: 8Gi}}, priorityClassName: high,
            storage: {volumeClaimTemplate: {spec: {storageClassName: fast, resources: {requests: {storage: 500Gi}}}}},
            alerting: {alertmanagers: [{name: alertmanager-operated, namespace: monitoring, port: web, apiVersion: v2}]}
            """)
        #expect(
            conversion.view.json["spec", "prometheus"] == [
                "version": "v2.53.3", "replicas": 2, "retention": "30d", "retentionSize": "400GB",
                "outOfOrderTimeWindow": "30m", "externalLabels": ["region": "eu"], "serviceMonitorSelector": [:],
                "podMonitorNamespaceSelector": ["matchLabels": ["a": "b"]], "scrapeInterval": "15s",
                "walCompression": true, "nodeSelector": ["disk": "fast"],
                "resources": ["requests": ["memory": "8Gi"]], "priorityClassName": "high",
                "storage": ["size": "500Gi", "className": "fast"],
                "alerting": [
                    "alertmanagers": [
                        [
                            "name": "alertmanager-operated",
                            "service": ["name": "alertmanager-operated", "namespace": "monitoring", "port": "web"],
                        ]
                    ]
                ],
            ])
        #expect(Self.findings(conversion) == ["spec.storage", "spec"])
        #expect(GlobalView.problems(in: conversion.view).map(\.description) == [])
    }

    @Test func `Fields of a central Prometheus without a counterpart are named, with what to do`() throws {
        let conversion = try Self.convert(
            """
            enableRemoteWriteReceiver: true, retention: 1d, ruleQueryOffset: 1m, thanos: {image: x}, shards: 3,
            remoteWrite: [{url: "http://a"}], web: {pageTitle: mine}, evaluationInterval: 30s, listenLocal: false,
            tsdb: {chunkEncoding: {floats: Xor2}}, unheardOf: 1
            """)
        #expect(
            Set(Self.findings(conversion)) == [
                "spec.ruleQueryOffset", "spec.thanos", "spec.shards", "spec.remoteWrite", "spec.tsdb",
                "spec.unheardOf", "spec",
            ])
        let rules = try #require(conversion.findings.first { $0.field == FieldPath("spec.ruleQueryOffset") })
        #expect(rules.effect == .leftOut && rules.advice.contains("no such setting"))
        #expect(conversion.view.json["spec", "rules"] == nil)
    }

    @Test func `The rules of a central Prometheus are evaluated beside it, and their alerts go where they went`() throws
    {
        let conversion = try Self.convert(
            """
            enableRemoteWriteReceiver: true, retention: 1d, ruleSelector: {matchLabels: {role: alerts}},
            ruleNamespaceSelector: {}, alerting: {alertmanagers: [{name: am, namespace: monitoring, port: web}]}
            """)
        let alertmanagers: JSON = [
            ["name": "am", "service": ["name": "am", "namespace": "monitoring", "port": "web"]]
        ]
        #expect(
            conversion.view.json["spec", "rules"] == [
                "selector": ["matchLabels": ["role": "alerts"]], "namespaceSelector": [:], "evaluationInterval": "30s",
                "alertmanagers": alertmanagers,
            ])
        #expect(Self.findings(conversion) == ["spec.ruleSelector", "spec"])
        #expect(GlobalView.problems(in: conversion.view).map(\.description) == [])
    }

    @Test func `Endpoints that a central Prometheus reads get names, and are asked as before`() throws {
        let conversion = try Self.convert(
            """
            enableRemoteWriteReceiver: true, retention: 1d, remoteRead: [
              {url: "http://old:9090/api/v1/read", requiredMatchers: {a: b}},
              {url: "http://other:9090/api/v1/read", name: other, readRecent: true, proxyUrl: "http://p"}]
            """)
        #expect(
            conversion.view.json["spec", "prometheus", "remoteRead"] == [
                [
                    "name": "remote-read-0", "url": "http://old:9090/api/v1/read", "requiredMatchers": ["a": "b"],
                    "readRecent": false,
                ],
                ["name": "other", "url": "http://other:9090/api/v1/read", "readRecent": true],
            ])
        #expect(Self.findings(conversion) == ["spec.remoteRead[1].proxyUrl", "spec"])
        #expect(GlobalView.problems(in: conversion.view).map(\.description) == [])
    }

    @Test func `A default that differs is written out`() throws {
        #expect(
            try Self.convert("enableRemoteWriteReceiver: true").view.json["spec", "prometheus", "retention"] == "24h")
    }

    @Test func `No field of a central Prometheus ends the program`() throws {
        for spec in [
            "storage: 1", "alerting: []", "containers: {}", "tsdb: x", "enableFeatures: 5", "additionalArgs: [1]",
        ] {
            let object = try Self.theirs("enableRemoteWriteReceiver: true, \(spec)")
            _ = try? ServerConversion(object)
        }
    }
}
