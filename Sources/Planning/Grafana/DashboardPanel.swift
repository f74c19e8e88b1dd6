import Kube

/// A panel of a dashboard, in the form that Grafana 7.5 and later read.
///
/// Grafana before 8.3 knows datasources by name only, and later ones convert names: so panels name the variable
/// `$datasource`.
struct DashboardPanel {
    /// A query and the legend of its series.
    struct Query {
        var expression: String
        var legend: String
    }

    enum Shape: String {
        case row, stat, timeseries, table
    }

    var title: String
    var text = ""
    var shape: Shape
    /// The unit, in Grafana's names.
    var unit = "short"
    /// The position on a grid of 24 columns: column, row, width, height.
    var place: (x: Int, y: Int, width: Int, height: Int)
    /// The value from which on a number is red; nil for no threshold.
    var redFrom: Int?
    var queries: [Query] = []

    func json(id: Int) -> JSON {
        var json: JSON = [
            "id": JSON(id), "type": JSON(shape.rawValue), "title": JSON(title),
            "gridPos": [
                "x": JSON(place.x), "y": JSON(place.y), "w": JSON(place.width), "h": JSON(place.height),
            ],
        ]
        guard shape != .row else {
            json["collapsed"] = false
            json["panels"] = []
            return json
        }
        json["description"] = JSON(text)
        json["datasource"] = "$datasource"
        json["targets"] = .array(
            queries.enumerated().map { index, query in
                target(query, reference: String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % 26))))
            })
        for (name, value) in settings.object ?? [:] { json[name] = value }
        return json
    }

    private func target(_ query: Query, reference: String) -> JSON {
        var target: JSON = [
            "refId": JSON(reference), "expr": JSON(query.expression), "legendFormat": JSON(query.legend),
        ]
        if shape == .table {
            target["format"] = "table"
            target["instant"] = true
        }
        return target
    }

    private var settings: JSON {
        let steps: [JSON] =
            [["color": "green", "value": .null]]
            + (redFrom.map { [["color": "red", "value": JSON($0)]] } ?? [])
        let thresholds: JSON = ["mode": "absolute", "steps": .array(steps)]
        switch shape {
        case .row: return [:]
        case .stat:
            return [
                "fieldConfig": [
                    "defaults": ["unit": JSON(unit), "thresholds": thresholds, "mappings": []], "overrides": [],
                ],
                "options": [
                    "colorMode": "value", "graphMode": "area", "justifyMode": "auto", "orientation": "auto",
                    "textMode": "auto",
                    "reduceOptions": ["calcs": ["lastNotNull"], "fields": "", "values": false],
                ],
            ]
        case .table:
            return [
                "fieldConfig": ["defaults": [:], "overrides": []],
                "options": ["showHeader": true],
                "transformations": [
                    [
                        "id": "organize",
                        "options": [
                            "excludeByName": ["Time": true, "Value": true, "__name__": true], "renameByName": [:],
                        ],
                    ]
                ],
            ]
        case .timeseries:
            let custom: JSON = [
                "drawStyle": "line", "lineInterpolation": "linear", "lineWidth": 1, "fillOpacity": 10,
                "showPoints": "never", "spanNulls": false,
            ]
            return [
                "fieldConfig": ["defaults": ["unit": JSON(unit), "min": 0, "custom": custom], "overrides": []],
                "options": [
                    "legend": ["displayMode": "list", "placement": "bottom", "calcs": []],
                    "tooltipOptions": ["mode": "multi"], "tooltip": ["mode": "multi"],
                ],
            ]
        }
    }
}
