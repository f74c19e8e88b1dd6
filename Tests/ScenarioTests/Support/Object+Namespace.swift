import Kube

extension Object {
    /// A copy of the object in another namespace, with its subjects.
    func moved(to namespace: String) -> Object {
        var copy = self
        copy.json["metadata", "namespace"] = .string(namespace)
        if let subjects = json["subjects"]?.array {
            copy.json["subjects"] = .array(
                subjects.map { subject in
                    var subject = subject
                    subject["namespace"] = .string(namespace)
                    return subject
                })
        }
        return copy
    }
}
