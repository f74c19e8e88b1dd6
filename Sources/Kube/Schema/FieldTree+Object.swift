extension FieldTree {
    /// The fields of `metadata`.
    private static let metadata = FieldTree.fields(
        """
        name generateName namespace labels annotations finalizers ownerReferences uid resourceVersion generation \
        creationTimestamp deletionTimestamp deletionGracePeriodSeconds managedFields selfLink
        """)

    /// The fields of an object with a specification, besides those that every object has.
    package static func object(spec: FieldTree) -> FieldTree {
        .fields("apiVersion kind status", ["metadata": metadata, "spec": spec])
    }
}
