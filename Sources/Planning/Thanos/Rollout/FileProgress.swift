import Hashring
import Kube
import PlanningInput

/// Which pods have an older hashring file than the published one.
///
/// A file needs time to arrive: the kubelet takes up to two minutes, and Thanos looks at the file every
/// `--receive.hashrings-file-refresh-interval`. So a pod counts as older only after a while, and is worth a condition
/// only after longer than that can take.
struct FileProgress {
    /// A pod with an older file.
    struct Older {
        var pod: String
        var hash: UInt64
        var isRefusing: Bool
    }

    /// How long a pod with an older file does not count: with short intervals all pods have the file by then.
    static let grace = Duration.seconds(30)
    /// After how long something is wrong: twice Thanos's default refresh interval.
    static let patience = Duration.seconds(600)

    private(set) var older: [Older] = []
    /// The number of pods that do not say which file they have.
    private(set) var unknown = 0
    /// Whether some pod has said which file it has.
    private(set) var isKnown = false
    private(set) var recheckAfter: Duration?
    /// Whether some pods have had an older file for longer than the published one can take to arrive.
    private(set) var isLate = false

    /// The progress of pods whose file should have the hash `expected` since `publishedAt`.
    init(
        _ pods: some Sequence<ObjectKey>, _ states: FileStates, expected: UInt64, publishedAt: Timestamp?,
        now: Timestamp
    ) {
        let age = publishedAt.map { max(.zero, now.since($0)) }
        for pod in pods.sorted() {
            switch states[pod] {
            case .silent: unknown += 1
            case .unknown, .unasked: break
            case .starting: isKnown = true
            case .loaded(let loaded, let isRefusing):
                isKnown = true
                guard loaded.hash != expected, let age else { continue }
                if isRefusing || age >= Self.grace {
                    older.append(Older(pod: pod.name, hash: loaded.hash, isRefusing: isRefusing))
                }
                if age < Self.patience {
                    let rest = (age < Self.grace ? Self.grace : Self.patience) - age
                    recheckAfter = min(rest, recheckAfter ?? rest)
                } else {
                    isLate = true
                }
            }
        }
        if publishedAt == nil { unknown = 0 }
    }

    /// The warning about pods that should long have the file; nil if there are none. `owner` says whose pods they are.
    func diagnostic(of owner: String, isManaged: Bool, _ view: ThanosView, at field: String) -> Diagnostic? {
        let isRefused = older.contains(where: \.isRefusing)
        guard isLate || isRefused else { return nil }
        let advice =
            isRefused
            ? "they read the file and refuse it; see their logs"
            : isManaged
                ? "check whether their kubelets update the volumes"
                : "they should mount the ConfigMap \"\(view.resource.hashringConfigMapName)\" as a directory "
                    + "and have a short --receive.hashrings-file-refresh-interval"
        return .warning(
            view.about, field, "ReceiversBehind",
            "\(older.map(\.pod).listed()) of \(owner) run with an older hashring file than the published one: \(advice)"
        )
    }

    /// The members of the hashring's status.
    var status: JSON {
        let entries = older.prefix(100).map { older -> JSON in
            [
                "pod": JSON(older.pod), "hash": JSON(HashringFile.digits(ofHash: older.hash)),
                "reason": older.isRefusing ? "FileRefused" : "OlderFile",
            ]
        }
        return [
            "older": entries.isEmpty ? .null : .array(entries), "unknown": unknown == 0 ? .null : JSON(unknown),
        ]
    }
}

extension HashringFile {
    /// A config hash as the first digits of the file's SHA-256, as `sha256sum` prints them.
    static func digits(ofHash hash: UInt64) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = (0..<6).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) }
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
