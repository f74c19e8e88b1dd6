/// A reader of something that comes from outside, which any bytes may reach. It may refuse them, and must not end the process.
public struct FuzzTarget: Sendable {
    /// The name, which is that of the folder with its corpus in `Tests/Fixtures/fuzz`.
    public let name: String
    /// Reads bytes.
    public let run: @Sendable ([UInt8]) -> Void

    init(_ name: String, _ run: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.run = run
    }

    /// All targets.
    public static let all: [FuzzTarget] = texts + files + connections

    /// A target by its name.
    public static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
