import Kube

/// Spreads pods evenly over zones and nodes. A pod that finds no better node is scheduled anyway.
enum TopologySpread {
    /// The constraints for the pods that labels select.
    static func constraints(_ selector: [String: String]) -> JSON {
        .array(
            ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map { key in
                [
                    "maxSkew": 1, "topologyKey": JSON(key), "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": ["matchLabels": JSON(selector)],
                ]
            })
    }
}
