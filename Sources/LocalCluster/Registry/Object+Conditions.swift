import Kube

extension Object {
    /// The conditions of the object's status after an observation, as JSON.
    ///
    /// Conditions of other types stay as they are, also those that lack what ``Condition`` requires: pods have such.
    /// A condition keeps its `lastTransitionTime` unless its status changes.
    func conditions(merging observed: [Condition], now: Timestamp = .now) -> JSON {
        var conditions = json["status", "conditions"]?.array ?? []
        for condition in observed {
            let index = conditions.firstIndex { $0["type"]?.string == condition.type }
            let old = index.map { conditions[$0] }
            let isSame = old?["status"]?.string == condition.status.rawValue
            let time = isSame ? old?["lastTransitionTime"]?.string : nil
            var new: JSON = [
                "type": .string(condition.type), "status": .string(condition.status.rawValue),
                "lastTransitionTime": .string(time ?? now.description), "reason": .string(condition.reason),
                "message": .string(condition.message),
            ]
            if let generation = condition.observedGeneration { new["observedGeneration"] = .int(generation) }
            if let index { conditions[index] = new } else { conditions.append(new) }
        }
        return .array(conditions)
    }
}
