import Kube

extension Object {
    /// A CustomResourceDefinition with the status of one whose kinds are served: names accepted, established, and the
    /// version in which objects are stored among the stored ones.
    func establishedDefinition(now: Timestamp) -> Object {
        var json = json
        let known = (json["status", "conditions"]?.array ?? []).compactMap { try? $0.decode(Condition.self) }
        let conditions = known.merging(
            [
                Condition(
                    type: "NamesAccepted", status: .true, reason: "NoConflicts", message: "no conflicts found"),
                Condition(
                    type: "Established", status: .true, reason: "InitialNamesAccepted",
                    message: "the initial names have been accepted"),
            ], now: now.description)
        var stored = (json["status", "storedVersions"]?.array ?? []).compactMap(\.string)
        let storage = (json["spec", "versions"]?.array ?? []).first { $0["storage"]?.bool == true }?["name"]?.string
        if let storage, !stored.contains(storage) { stored.append(storage) }
        json["status"] = [
            "conditions": (try? JSON(encoding: conditions)) ?? [], "acceptedNames": json["spec", "names"] ?? [:],
            "storedVersions": JSON(stored),
        ]
        return Object(json)
    }
}
