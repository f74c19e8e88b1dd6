import Hashring
import Kube
import PrometheusConfig
import YAML

@testable import KubeClient

extension FuzzTarget {
    /// Readers of formats.
    static let texts: [FuzzTarget] = [
        FuzzTarget("json") { bytes in
            guard let json = try? JSON(parsing: bytes) else { return }
            precondition((try? JSON(parsing: json.text())) == json, "what was written is read back")
        },
        FuzzTarget("yaml") { bytes in
            guard let documents = try? YAML.parse(bytes) else { return }
            let values = documents.map(\.value)
            let again = try? YAML.parse(YAML.write(values)).map(\.value)
            precondition(again == values.filter { !$0.isNull }, "what was written is read back")
        },
        FuzzTarget("promql") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            for version in versions { try? QueryParser.check(text, version: version) }
        },
        FuzzTarget("series") { bytes in _ = try? SeriesLabels(parsing: String(decoding: bytes, as: UTF8.self)) },
        FuzzTarget("watch") { bytes in
            // The first byte says how large the chunks are that the lines come in.
            guard let first = bytes.first else { return }
            let size = Int(first) + 1
            var framer = LineFramer(limit: 4096)
            var rest = bytes.dropFirst()
            while !rest.isEmpty {
                framer.append(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
                while let isRead = try? framer.nextLine(readsStatus) { _ = isRead }
            }
        },
    ]

    private static func readsStatus(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        (try? JSON(parsing: line)).flatMap { APIStatus($0) } != nil
    }

    /// Versions of Prometheus with different grammars and fields.
    static let versions = ["2.42.0", "2.53.0", "3.5.0"].compactMap { PrometheusVersion($0) }
}
