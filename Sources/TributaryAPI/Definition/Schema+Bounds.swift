import Kube

extension Schema {
    /// The integers and durations in a value that are out of bounds.
    ///
    /// Integers have the bounds of the schema and of its format. A duration must be one that Prometheus can read.
    func findOutOfBounds(_ value: JSON, at path: FieldPath) -> [FieldError] {
        switch value {
        case .object(let members):
            return members.flatMap { key, member in
                property(key)?.findOutOfBounds(member, at: path.appending(key)) ?? []
            }
        case .array(let elements):
            guard let items else { return [] }
            return elements.enumerated().flatMap { items.findOutOfBounds($1, at: path.appending($0)) }
        case .int(let number) where type == .integer:
            let (least, most) = bounds
            if number < least { return [FieldError(path, "found \(number), should be at least \(least)")] }
            if number > most { return [FieldError(path, "found \(number), should be at most \(most)")] }
            return []
        case .string(let text) where pattern == DurationText.pattern:
            guard DurationText.milliseconds(text) == nil else { return [] }
            return [FieldError(path, "found \"\(text)\", should be a duration of at most \(DurationText.longest)")]
        default:
            return []
        }
    }

    private var bounds: (least: Int64, most: Int64) {
        let is32 = format == "int32"
        return (
            minimum.flatMap { Int64(exactly: $0) } ?? (is32 ? Int64(Int32.min) : .min),
            maximum.flatMap { Int64(exactly: $0) } ?? (is32 ? Int64(Int32.max) : .max)
        )
    }
}
