/// The consistent hashing of Thanos: 1000 points for each endpoint on a circle of 64-bit hashes.
///
/// The copies of a series go to the endpoints of the next points on the circle, spread over the zones
/// (`pkg/receive/hashring.go`, Thanos 0.43).
struct KetamaRing: Sendable {
    private struct Point {
        var hash: UInt64
        var endpoint: Int32
    }

    static let pointsPerEndpoint = 1000

    let endpoints: [Endpoint]
    private let points: [Point]
    /// The zone of each endpoint as a number.
    private let zones: [Int]
    private let zoneCount: Int
    private let replicationFactor: Int

    init(_ endpoints: [Endpoint], replicationFactor: Int) {
        self.endpoints = endpoints
        self.replicationFactor = replicationFactor
        var points: [Point] = []
        points.reserveCapacity(endpoints.count * Self.pointsPerEndpoint)
        for (index, endpoint) in endpoints.enumerated() {
            let prefix = Array("\(endpoint.address):".utf8)
            for number in 1...Self.pointsPerEndpoint {
                points.append(Point(hash: XXH64.hash(prefix + Array(String(number).utf8)), endpoint: Int32(index)))
            }
        }
        points.sort { ($0.hash, $0.endpoint) < ($1.hash, $1.endpoint) }
        self.points = points
        var numbers: [String: Int] = [:]
        zones = endpoints.map { endpoint in
            let zone = endpoint.zone ?? ""
            let number = numbers[zone] ?? numbers.count
            numbers[zone] = number
            return number
        }
        zoneCount = numbers.count
    }

    /// The endpoints of the copies of a series with this hash, in the order of the copies; nil if the zones do not
    /// allow enough copies, in which case Thanos would search forever.
    func copies(forHash hash: UInt64) -> [Int]? {
        guard !points.isEmpty else { return nil }
        var chosen: [Int] = []
        var used = [Int](repeating: 0, count: zoneCount)
        var place = firstPoint(from: hash)
        var passed = 0
        while chosen.count < replicationFactor {
            guard passed <= points.count else { return nil }
            let candidate = Int(points[place].endpoint)
            place = place + 1 == points.count ? 0 : place + 1
            passed += 1
            let zone = zones[candidate]
            if chosen.contains(candidate) || (zoneCount > 1 && used[zone] > (used.min() ?? 0)) { continue }
            chosen.append(candidate)
            used[zone] += 1
            passed = 0
        }
        return chosen
    }

    /// The endpoints that random numbers from a seed choose: for each number the next point whose endpoint is allowed
    /// and not chosen yet.
    func choose(_ count: Int, seed: Int64, among allowed: Set<Int>) -> [Int] {
        let points = points.filter { allowed.contains(Int($0.endpoint)) }
        guard !points.isEmpty else { return [] }
        var random = GoRandom(seed: seed)
        var chosen: [Int] = []
        for _ in 0..<count {
            let start = Self.firstPoint(of: points, from: random.next())
            for offset in points.indices {
                let candidate = Int(points[(start + offset) % points.count].endpoint)
                guard !chosen.contains(candidate) else { continue }
                chosen.append(candidate)
                break
            }
        }
        return chosen
    }

    private func firstPoint(from hash: UInt64) -> Int { Self.firstPoint(of: points, from: hash) }

    /// The first point at or after a hash, wrapping around at the end.
    private static func firstPoint(of points: [Point], from hash: UInt64) -> Int {
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle].hash >= hash { high = middle } else { low = middle + 1 }
        }
        return low == points.count ? 0 : low
    }
}
