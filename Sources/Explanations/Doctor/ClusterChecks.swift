import Kube
import PlanningInput

/// What can be told from single objects of a cluster: the clock, the leader, images.
package enum ClusterChecks {
    // MARK: - The clock

    /// How many seconds the clock here may be off. The API server's `Date` has whole seconds.
    private static let clock = (warning: 5, error: 60)

    /// The line about the time of the API server, and that of this machine before and after it was asked.
    package static func clock(server: Timestamp?, before: Timestamp, after: Timestamp) -> CheckLine {
        guard let server else {
            return CheckLine(.note, "clock", "the API server does not say its time")
        }
        // The server's time was rounded down, at some moment between the two.
        let early = before.since(server).components.seconds - 1
        let late = server.since(after).components.seconds
        let off = max(0, early, late)
        guard off >= clock.warning else {
            return CheckLine(.ok, "clock", "that of this machine agrees with that of the API server")
        }
        return CheckLine(
            off >= clock.error ? .error : .warning, "clock",
            "that of this machine is \(off)s \(early > late ? "ahead of" : "behind") that of the API server",
            advice: "synchronize both with NTP: leases, certificates and samples depend on the time")
    }

    // MARK: - The operator

    /// The lines about the pods of the operator.
    package static func operators(_ pods: [Object]) -> [CheckLine] {
        guard !pods.isEmpty else {
            return [
                CheckLine(
                    .warning, "operator",
                    "found no pod with app.kubernetes.io/name=tributary,app.kubernetes.io/component=operator",
                    advice: "install it (docs/install.md), unless it runs outside of this cluster")
            ]
        }
        let ready = pods.count { pod in
            (pod.json["status", "conditions"]?.array ?? []).contains { $0["type"] == "Ready" && $0["status"] == "True" }
        }
        let images = Set(pods.compactMap { $0.json["spec", "containers"]?[0]?["image"]?.string })
        let namespaces = Set(pods.compactMap(\.namespace)).sorted().joined(separator: ", ")
        var lines = [
            CheckLine(
                ready == 0 ? .error : ready < pods.count ? .warning : .ok, "operator",
                "\(ready) of \(pods.count) pods in \(namespaces) are ready",
                advice: ready < pods.count
                    ? "kubectl get pods -n \(namespaces) -l app.kubernetes.io/name=tributary" : nil)
        ]
        let others = images.filter { !$0.hasSuffix(":\(Release.version)") && !$0.contains(":\(Release.version)@") }
        if !others.isEmpty {
            lines.append(
                CheckLine(
                    .warning, "operator",
                    "its image is \(others.sorted().joined(separator: ", ")), and this program is version \(Release.version)",
                    advice: "use the program of the operator's version"))
        }
        return lines
    }

    /// The values of an option, such as `--namespace`, among the arguments of a pod of the operator.
    package static func values(of option: String, in pod: Object) -> [String] {
        (pod.json["spec", "containers"]?[0]?["args"]?.array ?? []).compactMap(\.string)
            .filter { $0.hasPrefix("\(option)=") }.map { String($0.dropFirst(option.count + 1)) }
    }

    /// How many shards share the namespaces, from the arguments of the operator's pods; 1 without shards.
    package static func shards(_ pods: [Object]) -> Int {
        pods.flatMap { values(of: "--shards", in: $0) }.compactMap { Int($0) }.max() ?? 1
    }

    /// The line about a lease of the operator; `shard` is the number of its shard, if there are shards.
    package static func leader(_ lease: Object?, _ key: ObjectKey, shard: Int? = nil, now: Timestamp) -> CheckLine {
        let advice = "kubectl get lease \(key.name) -n \(key.namespace) -o yaml; see the log of the operator"
        let what = shard.map { " shard \($0)" } ?? ""
        guard let lease else {
            return CheckLine(.error, "leader", "there is no Lease \(key): nobody leads\(what)", advice: advice)
        }
        let spec = lease.json["spec"] ?? [:]
        guard let holder = spec["holderIdentity"]?.string, !holder.isEmpty,
            let renewed = spec["renewTime"]?.string.flatMap({ Timestamp($0) })
        else {
            return CheckLine(.error, "leader", "nobody holds Lease \(key)", advice: advice)
        }
        let age = now.since(renewed).components.seconds
        let length = Int64(spec["leaseDurationSeconds"]?.int ?? 15)
        guard age <= length else {
            return CheckLine(.error, "leader", "\(holder) has not renewed Lease \(key) for \(age)s", advice: advice)
        }
        return CheckLine(.ok, "leader", "\(holder) leads\(what)")
    }

    /// The name of the operator's lease; with shards, that of shard 0.
    package static let leaseName = "tributary.tributary.dev"

    // MARK: - Images

    private static let pullFailures: Set<String> = [
        "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError",
    ]

    /// The lines about the images of pods.
    package static func images(_ pods: [Object]) -> [CheckLine] {
        var failing: [String: (count: Int, pod: ObjectKey, reason: String, message: String)] = [:]
        var images: Set<String> = []
        for pod in pods {
            let statuses = ["initContainerStatuses", "containerStatuses"].flatMap {
                pod.json["status", $0]?.array ?? []
            }
            for status in statuses {
                guard let image = status["image"]?.string else { continue }
                images.insert(image)
                guard let reason = status["state", "waiting", "reason"]?.string, pullFailures.contains(reason) else {
                    continue
                }
                let message = status["state", "waiting", "message"]?.string ?? reason
                failing[image, default: (0, pod.key, reason, message)].count += 1
            }
        }
        guard !failing.isEmpty else {
            return [
                images.isEmpty
                    ? CheckLine(.note, "images", "no pod of Tributary's says yet which image it has")
                    : CheckLine(.ok, "images", "the \(images.count) images of \(pods.count) pods can be pulled")
            ]
        }
        return failing.sorted { $0.key < $1.key }.map { image, found in
            let others = found.count > 1 ? " and \(found.count - 1) more" : ""
            return CheckLine(
                .error, "images",
                "\(image): \(found.reason) in pod \(found.pod)\(others): \(found.message.prefix(300))",
                advice: "check the name, the registry and its credentials (imagePullSecrets)")
        }
    }

    // MARK: - Kinds

    /// A kind that not every cluster serves.
    package struct OptionalKind: Sendable {
        package var resource: Resource
        /// Whether the API server serves it.
        package var isServed: Bool
        /// Which custom resource needs it; nil if none does.
        package var needed: String?
        /// Who needs it in general.
        package var purpose: String

        /// A kind.
        package init(_ resource: Resource, isServed: Bool, needed: String?, purpose: String) {
            self.resource = resource
            self.isServed = isServed
            self.needed = needed
            self.purpose = purpose
        }
    }

    /// The lines about kinds of others.
    package static func kinds(_ kinds: [OptionalKind]) -> [CheckLine] {
        let served = kinds.filter(\.isServed).map(\.resource.kind)
        let unneeded = kinds.filter { !$0.isServed && $0.needed == nil }
        var lines: [CheckLine] = []
        if !served.isEmpty {
            lines.append(CheckLine(.ok, "kinds", "the API server serves \(served.joined(separator: ", "))"))
        }
        for kind in kinds where !kind.isServed {
            guard let needed = kind.needed else { continue }
            lines.append(
                CheckLine(
                    .error, "kinds", "the API server does not serve \(kind.resource), which \(needed) needs",
                    advice: "install its definition"))
        }
        lines += unneeded.map {
            CheckLine(.note, "kinds", "the API server does not serve \($0.resource); only \($0.purpose) need it")
        }
        return lines
    }
}
