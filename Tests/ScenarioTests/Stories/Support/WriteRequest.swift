import Kube

/// A protobuf `prometheus.WriteRequest` of remote write 1.0, as far as stories need it.
enum WriteRequest {
    /// The labels of each series in a message.
    static func series(in message: [UInt8]) -> [[String: String]] {
        fields(1, of: message[...]).map { series in
            var labels: [String: String] = [:]
            for label in fields(1, of: series) {
                let texts = [1, 2].map { String(decoding: fields($0, of: label).first ?? [], as: UTF8.self) }
                labels[texts[0]] = texts[1]
            }
            return labels
        }
    }

    /// The values of a length-delimited field. Other fields are skipped.
    private static func fields(_ number: UInt64, of message: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var rest = message
        var values: [ArraySlice<UInt8>] = []
        while let key = rest.popVarint() {
            switch key & 7 {
            case 0: _ = rest.popVarint()
            case 1: rest = rest.dropFirst(8)
            case 5: rest = rest.dropFirst(4)
            default:
                let length = Int(rest.popVarint() ?? 0)
                if key >> 3 == number { values.append(rest.prefix(length)) }
                rest = rest.dropFirst(length)
            }
        }
        return values
    }

    /// The time of a sample, in milliseconds since 1970.
    static var now: UInt64 {
        let now = Timestamp.now
        return UInt64(now.seconds) * 1000 + UInt64(now.nanoseconds / 1_000_000)
    }

    /// A message with one sample of value 1 for each series, by default of now.
    static func message(_ series: [[String: String]], at time: UInt64? = nil) -> [UInt8] {
        let now = time ?? Self.now
        return series.flatMap { labels -> [UInt8] in
            let pairs = labels.sorted { $0.key < $1.key }.flatMap { name, value in
                field(1, field(1, Array(name.utf8)) + field(2, Array(value.utf8)))
            }
            let value: [UInt8] = [0x09] + [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
            return field(1, pairs + field(2, value + [0x10] + Varint.bytes(of: now)))
        }
    }

    /// A length-delimited field.
    static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2] + Varint.bytes(of: UInt64(bytes.count)) + bytes
    }
}
