import Kube
import Planning

/// What a query API answers about the series of tenants.
struct SeriesAnswer: Sendable, Hashable {
    /// Why an answer cannot be used.
    struct Problem: Error, Hashable, CustomStringConvertible {
        var description: String
    }

    /// The figures of one tenant.
    struct Figures: Sendable, Hashable {
        /// How many series it has.
        var series = 0.0
        /// The time of its newest sample, in seconds since 1970.
        var last = 0.0
    }

    /// The largest answer that is read, in bytes: 10,000 tenants have about 2.5 MB.
    static let mostBytes = 16 << 20
    /// The most tenants of one view.
    static let mostTenants = 50_000
    /// The longest time for an answer.
    static let longest = Duration.seconds(20)

    /// The figures, by the tenant's id.
    private(set) var tenants: [String: Figures] = [:]
    /// Whether some of the series may be missing, for example since a store does not answer.
    private(set) var isPartial = false

    /// Reads the answer of Prometheus's `/api/v1/query`.
    init(status: Int, _ body: [UInt8], to question: SeriesQuestion) throws(Problem) {
        let json = try? JSON(parsing: body)
        guard status == 200, json?["status"]?.string == "success" else {
            // The error's text may hold anything; its type is a word of the API.
            let type = json?["errorType"]?.string.flatMap { Self.isWord($0) ? " (\($0))" : nil } ?? ""
            throw Problem(
                description: status == 200 && json == nil
                    ? "the answer is not that of a Prometheus" : "it answers with HTTP status \(status)\(type)")
        }
        guard json?["data", "resultType"]?.string == "vector", let result = json?["data", "result"]?.array else {
            throw Problem(description: "the answer is not that of a Prometheus")
        }
        isPartial = json?["warnings"]?.array?.isEmpty == false
        for sample in result {
            guard let id = sample["metric", question.label]?.string, !id.isEmpty,
                let value = sample["value"]?[1]?.string.flatMap({ Double($0) }), value.isFinite
            else { continue }
            guard tenants[id] != nil || tenants.count < Self.mostTenants else {
                isPartial = true
                continue
            }
            switch sample["metric", SeriesQuestion.figureLabel]?.string {
            case "series": tenants[id, default: Figures()].series = max(0, value)
            case "last": tenants[id, default: Figures()].last = max(0, value)
            default: continue
            }
        }
    }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 32
            && text.utf8.allSatisfy { ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || $0 == UInt8(ascii: "_") }
    }
}
