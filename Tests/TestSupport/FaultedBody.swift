/// The body of a response on its way through a ``FaultProxy``, as a fault changes it.
struct FaultedBody {
    /// What the client gets next.
    enum Next {
        case nothing
        case bytes([UInt8])
        /// The end, after these bytes.
        case end([UInt8])
        /// Bytes without an end, after these.
        case flood([UInt8])
        /// What was kept back, at so many bytes a second.
        case slowly(Int)
    }

    private let fault: FaultProxy.Fault
    private var count = 0
    private var rest: [UInt8] = []
    private var isComplete = false
    /// Whether nothing more of the server's response is of interest.
    private(set) var isOver = false

    init(_ fault: FaultProxy.Fault) { self.fault = fault }

    /// Whether the body may have another length than the server's.
    var changesLength: Bool {
        switch fault {
        case .truncate, .insert, .flood: true
        default: false
        }
    }

    /// Whether something is kept back, the end included.
    var hasRest: Bool { !rest.isEmpty || isComplete && !isOver }

    /// Takes in bytes from the server.
    mutating func take(_ bytes: [UInt8]) -> Next {
        if isOver { return .nothing }
        let before = count
        count += bytes.count
        switch fault {
        case .truncate(let limit) where count >= limit:
            isOver = true
            return .end(Array(bytes.prefix(limit - before)))
        case .flood(let limit) where count >= limit:
            isOver = true
            return .flood(Array(bytes.prefix(limit - before)))
        case .insert(let more, let place) where before < place && count >= place:
            return .bytes(bytes.prefix(place - before) + more + bytes.dropFirst(place - before))
        case .slow(let rate):
            rest += bytes
            return .slowly(rate)
        default: return .bytes(bytes)
        }
    }

    /// Takes in the end from the server.
    mutating func takeEnd() -> Next {
        if isOver { return .nothing }
        if case .slow(let rate) = fault {
            isComplete = true
            return .slowly(rate)
        }
        isOver = true
        return .end([])
    }

    /// Takes out some of what was kept back.
    mutating func takeSlowly(_ most: Int) -> Next {
        let piece = Array(rest.prefix(most))
        rest.removeFirst(piece.count)
        guard isComplete, rest.isEmpty else { return .bytes(piece) }
        isOver = true
        return .end(piece)
    }
}
