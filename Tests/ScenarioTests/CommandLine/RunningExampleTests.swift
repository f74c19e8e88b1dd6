import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

/// The program as it is installed, when `TRIBUTARY_BIN` names an optimized build: see `make test-release`.
@Suite(
    "The program with an example", .enabled(if: Program.path != nil, "tributary is not found: set TRIBUTARY_BIN"),
    .timeLimit(.minutes(3)))
struct RunningExampleTests {
    /// The folders with custom resources.
    private static let examples: [String] = {
        let folders = Checkout.files(under: "examples").filter { path in
            path.hasSuffix(".yaml") && (try? Checkout.read(path))?.contains("apiVersion: tributary.dev/") == true
        }.compactMap { $0.split(separator: "/").dropFirst().first.map(String.init) }
        return Set(folders).sorted()
    }()

    @Test func `The examples with custom resources are found`() {
        // Else the test below would have no cases, and pass.
        #expect(Self.examples.count >= 10, "\(Self.examples)")
    }

    @Test(arguments: examples)
    func `The operator gives each custom resource of an example a status, and goes on running`(name: String)
        async throws
    {
        let program = try #require(Program.path)
        try await RunningPlayground.with(["\(Checkout.root)/examples/\(name)"], program: program) { playground in
            try await playground.withClient { client in
                try await waitUntil("each custom resource says whether it is ready") {
                    guard playground.process.isRunning else {
                        throw WaitingError(description: "the program has ended")
                    }
                    var objects: [Object] = []
                    for kind in TributaryAPI.kinds { objects += try await client.listAll(kind.resource).items }
                    return !objects.isEmpty && objects.allSatisfy { Scenario.condition("Ready", of: $0) != nil }
                }
            }
            #expect(playground.process.isRunning)
        }
    }
}
