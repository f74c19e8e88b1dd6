/// Percent-encodes the parts of a URL by RFC 3986.
package enum PercentEncoding {
    /// A query, `name=value&name=value`, with all characters encoded that are not unreserved.
    package static func query(_ parameters: [(String, String)]) -> String {
        parameters.map { "\(encode($0.0, keeping: ""))=\(encode($0.1, keeping: ""))" }.joined(separator: "&")
    }

    /// A segment of a path.
    package static func segment(_ text: String) -> String { encode(text, keeping: "!$&'()*+,;=:@") }

    private static func encode(_ text: String, keeping: StaticString) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            case _ where UnsafeBufferPointer(start: keeping.utf8Start, count: keeping.utf8CodeUnitCount).contains(byte):
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                bytes.append(hex[Int(byte >> 4)])
                bytes.append(hex[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
