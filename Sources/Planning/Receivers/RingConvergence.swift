import Hashring
import Kube
import TributaryAPI

/// Which receivers run with an older hashring file than the published one.
///
/// A file takes its time to arrive: the kubelet's, up to a minute or two, and then Thanos's, which looks at the file every
/// `--receive.hashrings-file-refresh-interval`. So a receiver is named once that has been a while, and is worth a
/// condition only once it is longer than it can take.
struct RingConvergence {
    /// A receiver with another file.
    struct Older {
        var pod: String
        var hash: UInt64
        var reason: String
    }

    /// For how long receivers with an older file are not named: with short intervals all are done by then.
    static let grace = Duration.seconds(30)
    /// After how long something must be wrong: twice the refresh interval that Thanos has by default.
    static let patience = Duration.seconds(600)

    private(set) var older: [Older] = []
    /// How many receivers do not say which file they have.
    private(set) var unknown = 0
    private(set) var recheckAfter: Duration?
    /// Whether some receivers have had an older file for longer than it can take.
    private(set) var isLong = false

    /// Looks at pods; `publishedAt` is when the text that they should have was published.
    init(
        _ pods: some Sequence<ObjectKey>, text: String, publishedAt: Timestamp?,
        in snapshot: Snapshot
    ) {
        guard let publishedAt else { return }
        let age = max(.zero, snapshot.now.since(publishedAt))
        let expected = HashringFile.configHash(of: text)
        for pod in pods.sorted() {
            let trouble = snapshot.receiverTrouble[pod]
            if case .unknown = trouble {
                unknown += 1
                continue
            }
            // A process that has just started has loaded nothing yet, and says 0.
            guard let loaded = snapshot.loadedHashrings[pod], loaded.hash != expected, loaded.hash != 0 else {
                continue
            }
            let isRefused = trouble == .refusesFile
            if isRefused || age >= Self.grace {
                older.append(
                    Older(pod: pod.name, hash: loaded.hash, reason: isRefused ? "FileRefused" : "OlderFile"))
            }
            if age < Self.patience {
                let rest = (age < Self.grace ? Self.grace : Self.patience) - age
                recheckAfter = min(rest, recheckAfter ?? rest)
            } else {
                isLong = true
            }
        }
    }

    /// What to tell of pods that should long have had the file; `whose` says whose they are.
    func diagnostic(of whose: String, isManaged: Bool, _ view: GlobalView, at field: String) -> Diagnostic? {
        let isRefused = older.contains { $0.reason == "FileRefused" }
        guard isLong || isRefused else { return nil }
        let advice =
            isRefused
            ? "they read the file and refuse it, see their logs"
            : isManaged
                ? "see whether their kubelets bring it"
                : "they should mount the ConfigMap \"\(view.hashringConfigMapName)\" as a folder, and have a short "
                    + "--receive.hashrings-file-refresh-interval"
        return .warning(
            .globalView(view.metadata.key), field, "ReceiversBehind",
            "\(older.map(\.pod).listed()) of \(whose) run with an older hashring file than the published one: \(advice)"
        )
    }

    /// What the ring's status says of it.
    var status: JSON {
        let entries = older.prefix(100).map { older -> JSON in
            ["pod": JSON(older.pod), "hash": JSON(Self.text(of: older.hash)), "reason": JSON(older.reason)]
        }
        return [
            "older": entries.isEmpty ? .null : .array(entries), "unknown": unknown == 0 ? .null : JSON(unknown),
        ]
    }

    /// A hash as the beginning of the file's SHA-256 in hexadecimal, as `sha256sum` prints it.
    static func text(of hash: UInt64) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = (0..<6).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) }
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
