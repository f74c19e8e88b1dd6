import Kube
import TestSupport
import Testing
import TributaryAPI
import YAML

@Suite struct `CRD files` {
    static let files = ["globalviews", "tenants", "prometheusagents"].map { "crds/\(TributaryAPI.group)_\($0).yaml" }

    @Test(arguments: files.indices) func `Each file in crds matches its type`(index: Int) throws {
        let file = Self.files[index]
        let text = YAML.write(TributaryAPI.customResourceDefinitions[index])
        if ChildProcess.environment["UPDATE_CRDS"] != nil { try Repository.write(text, to: file) }
        #expect(
            try Checkout.read(file) == text,
            "\(file) is out of date: run UPDATE_CRDS=1 swift test --filter 'CRD files' to write it")
    }

    @Test func `The folder crds holds one file for each kind, and its kustomization lists all of them`() throws {
        let names = Self.files.map { String($0.dropFirst("crds/".count)) }.sorted()
        let list = "Kustomization"
        #expect(Repository.list("crds").filter { $0.hasSuffix(".yaml") } == names)
        let kustomization = try YAML.parseOne(try Checkout.read("crds/\(list)")).value
        #expect((kustomization["resources"]?.array ?? []).compactMap(\.string).sorted() == names)
    }
}
