import Kube
import TributaryAPI

/// Objects that the files have more than once: `kubectl apply` would take the last one without a word.
struct RepeatedObjects {
    private struct Name: Hashable {
        var group: String
        var kind: String
        var key: ObjectKey
    }

    /// A line for each of them.
    private(set) var lines: [String] = []

    /// The most lines.
    private static let most = 20

    /// Finds them. Tributary's own kinds are left out: of them, two are an error.
    init(_ manifests: [Manifest]) {
        var places: [Name: Int] = [:]
        var count = 0
        for (index, manifest) in manifests.enumerated() {
            let object = manifest.object
            guard object.group != TributaryAPI.group else { continue }
            let key = ObjectKey(namespace: object.namespace ?? "default", name: object.name)
            let name = Name(group: object.group, kind: object.kind, key: key)
            guard let first = places[name] else {
                places[name] = index
                continue
            }
            count += 1
            guard count <= Self.most else { continue }
            lines.append(
                "\(manifest.location(of: nil)): warning: \(object): is given twice, first at "
                    + "\(manifests[first].location(of: nil)); the last one counts")
        }
        if count > Self.most, let last = manifests.last {
            lines.append("\(last.file): warning: \(count - Self.most) more objects are given twice")
        }
    }
}
