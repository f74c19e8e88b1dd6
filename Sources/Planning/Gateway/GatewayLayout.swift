/// The distribution of the tenants over parts, each for one Secret.
///
/// The part of a tenant depends on its id alone, so that a change of a tenant changes one part. The names of the files
/// have the number of parts, so that nginx never reads parts of different distributions together.
struct GatewayLayout {
    /// The possible numbers of parts. Another number means other volumes, for which pods are recreated.
    static let steps = [1, 8, 64, 256]
    /// The most bytes of a part. A Secret holds 1 MiB.
    static let mostBytes = 900 << 10

    /// The files of each part.
    let parts: [[GatewayFile]]

    /// Distributes the entries; nil if they do not fit. A larger number of parts than necessary is kept until half the
    /// room would be enough.
    init?(_ entries: GatewayEntries, now: Int?) {
        let all = GatewayParts(entries)
        guard let least = Self.steps.first(where: { all.largest(of: $0) <= Self.mostBytes }) else { return nil }
        var count = least
        if let now, now > least, Self.steps.contains(now) {
            count = min(now, Self.steps.first { all.largest(of: $0) <= Self.mostBytes / 2 } ?? now)
        }
        parts = all.files(count)
    }

    /// The name of the file with a part's entries.
    static func entries(_ index: Int, of count: Int) -> String { "tenants-\(count)-\(index).conf" }
    /// The name of the file with the details of a part's tenants.
    static func details(_ index: Int, of count: Int) -> String { "details-\(count)-\(index).conf" }
}

/// The texts of all tenants, with the place of each.
private struct GatewayParts {
    private let lines: GatewayLines
    private let details: [(place: UInt64, entry: String, maps: String)]

    init(_ all: GatewayEntries) {
        lines = all.lines
        details = all.details.map { detail in
            let text = GatewayDetailsText(detail)
            return (detail.place, text.entry, text.maps)
        }
    }

    /// The bytes of each of so many parts.
    private func sizes(_ count: Int) -> [Int] {
        var sizes = [Int](repeating: 0, count: count)
        for (index, line) in lines.lines.enumerated() {
            sizes[Int(line.place % UInt64(count))] += lines.size(of: index)
        }
        for detail in details {
            sizes[Int(detail.place % UInt64(count))] += detail.entry.utf8.count + detail.maps.utf8.count
        }
        return sizes
    }

    func largest(of count: Int) -> Int { (sizes(count).max() ?? 0) + 200 }

    func files(_ count: Int) -> [[GatewayFile]] {
        var texts = sizes(count).map { size in
            var text: [UInt8] = []
            text.reserveCapacity(size)
            return text
        }
        var maps = [String](repeating: "", count: count)
        var entries = [String](repeating: "", count: count)
        for (index, line) in lines.lines.enumerated() {
            lines.write(index, to: &texts[Int(line.place % UInt64(count))])
        }
        for detail in details {
            maps[Int(detail.place % UInt64(count))] += detail.maps
            entries[Int(detail.place % UInt64(count))] += detail.entry
        }
        return (0..<count).map { index in
            [
                GatewayFile(
                    name: GatewayLayout.entries(index, of: count), text: String(decoding: texts[index], as: UTF8.self)),
                GatewayFile(
                    name: GatewayLayout.details(index, of: count),
                    text: "\(maps[index])map $tributary_handle $tributary_details_\(index) {\n\(entries[index])}\n"),
            ]
        }
    }
}

/// The details of a tenant in nginx's configuration: `ids read`, with `/` for reads that go where those of others go.
private struct GatewayDetailsText {
    /// The entry of the map of details.
    let entry: String
    /// Variables with the further ids, if there are more than fit into a text of nginx.
    let maps: String

    init(_ details: GatewayEntries.Details) {
        let handle = details.handle
        var chunks = [""]
        for id in details.ids {
            let text = chunks == [""] ? id : ",\(id)"
            if chunks[chunks.count - 1].utf8.count + text.utf8.count > GatewayEntries.mostBytes / 2 {
                chunks.append("")
            }
            chunks[chunks.count - 1] += text
        }
        var names = ""
        var maps = ""
        for (index, chunk) in chunks.enumerated().dropFirst() {
            let name = "$tributary_ids_\(handle)_\(index)"
            names += name
            maps += "map \"\" \(name) { default \"\(chunk)\"; }\n"
        }
        self.maps = maps
        entry =
            "\"\(handle)\" \"\(chunks[0])\(names) \(details.read ?? "/")\";\n"
    }
}
