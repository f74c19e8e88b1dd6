import Kube

extension ResourceType {
    /// The object that each row of a table contains: the `includeObject` query parameter.
    enum RowObject: String, Sendable {
        case none = "None"
        case metadata = "Metadata"
        case object = "Object"
    }

    /// A table of objects, which `kubectl get` asks for: `meta.k8s.io/v1` Table.
    ///
    /// `metadata` is that of the list. In a watch, the tables after the first have no `headers`.
    func table(
        of objects: [Object], metadata: JSON = [:], now: Timestamp = .now, including: RowObject = .metadata,
        headers: Bool = true
    ) -> JSON {
        let definitions = columns.map { column -> JSON in
            [
                "name": .string(column.name), "type": .string(column.type), "format": .string(column.format),
                "description": .string(column.description), "priority": JSON(column.priority),
            ]
        }
        let rows = objects.map { object -> JSON in
            var row: JSON = ["cells": .array(columns.map { $0.cell(object, now) })]
            switch including {
            case .none: break
            case .metadata: row["object"] = object.partialMetadata
            case .object: row["object"] = object.json
            }
            return row
        }
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": headers ? .array(definitions) : .null, "rows": .array(rows),
        ]
    }
}

extension Object {
    /// The metadata of the object alone: `meta.k8s.io/v1` PartialObjectMetadata.
    var partialMetadata: JSON {
        [
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": json["metadata"] ?? [:],
        ]
    }
}
