import Testing

@testable import KubeRuntime

@Suite("The namespaces that a watcher shares between objects") struct SharedStringsTests {
    @Test func `Namespaces that come and go for years take no more memory than those of one day`() {
        var strings = SharedStrings()
        for number in 0..<100_000 {
            #expect(strings.sharing("a-preview-environment-\(number)") == "a-preview-environment-\(number)")
        }
        #expect(strings.count <= SharedStrings.capacity)
    }
}
