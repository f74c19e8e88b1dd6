import Kube

// The kinds of a CustomResourceDefinition are served as soon as it is stored.
extension ClusterState {
    /// The warnings for the client that writes a definition: the parts of it that this server does not implement.
    static func warnings(about definition: Object) -> [String] {
        func hasRules(_ schema: JSON) -> Bool {
            switch schema {
            case .object(let members):
                members.contains { key, value in
                    (key == "x-kubernetes-validations" && value.array?.isEmpty == false) || hasRules(value)
                }
            case .array(let elements): elements.contains(where: hasRules)
            default: false
            }
        }
        var warnings: [String] = []
        if hasRules(definition.json["spec", "versions"] ?? .null) {
            warnings.append(
                "the local cluster does not run CEL rules: those in \(definition.name) (x-kubernetes-validations) are "
                    + "checked by a real API server only")
        }
        if let strategy = definition.json["spec", "conversion", "strategy"]?.string, strategy != "None" {
            warnings.append(
                "the local cluster does not call conversion webhooks: versions of \(definition.name) differ in their "
                    + "apiVersion only")
        }
        return warnings
    }

    /// Serves the kinds of a stored definition and reports this in its status. Throws 422 if it cannot be read.
    mutating func serve(_ definition: Object, at location: ObjectLocation, _ now: Timestamp) throws(APIStatus) {
        if definition.isBeingDeleted { return }
        do throws(FieldError) {
            try registry.add(crd: definition)
        } catch {
            throw .invalid(.customResourceDefinitions, definition.name, [error])
        }
        touched.insert(CollectionKey(definition: definition))
        var established = definition.established(now: now)
        let finalizers = established.finalizers
        if !finalizers.contains(Finalizer.customResources) {
            established.json["metadata", "finalizers"] = JSON(finalizers + [Finalizer.customResources])
        }
        if established != definition { put(established, at: location) }
    }

    /// Stops serving the kinds of a definition, and ends their watches.
    mutating func unserve(_ definition: Object) {
        registry.remove(crd: definition)
        touched.insert(CollectionKey(definition: definition))
    }
}

extension Object {
    /// A CustomResourceDefinition whose status says that its names are accepted, that it is established, and in which
    /// versions objects may be stored.
    fileprivate func established(now: Timestamp) -> Object {
        var json = json
        var stored = (json["status", "storedVersions"]?.array ?? []).compactMap(\.string)
        let storage = (json["spec", "versions"]?.array ?? []).first { $0["storage"]?.bool == true }?["name"]?.string
        if let storage, !stored.contains(storage) { stored.append(storage) }
        let observed = [
            Condition(type: "NamesAccepted", status: .true, reason: "NoConflicts", message: "no conflicts found"),
            Condition(
                type: "Established", status: .true, reason: "InitialNamesAccepted",
                message: "the initial names have been accepted"),
        ]
        json["status"] = [
            "conditions": conditions(merging: observed, now: now), "acceptedNames": json["spec", "names"] ?? [:],
            "storedVersions": JSON(stored),
        ]
        return Object(json)
    }
}
