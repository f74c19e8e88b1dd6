import Kube

extension FieldError {
    /// The error on one line, and short enough for a status or an Event, however long the quoted values are.
    var shortened: FieldError {
        let steps = path.steps.map { step -> FieldPath.Step in
            if case .key(let key) = step { .key(Self.line(key, 100)) } else { step }
        }
        return FieldError(FieldPath(steps), Self.line(problem, 400))
    }

    private static func line(_ text: String, _ most: Int) -> String {
        var short = text.unicodeScalars.prefix(most)
        let isCut = short.endIndex != text.unicodeScalars.endIndex
        if isCut { short.append("…") }
        var line = String.UnicodeScalarView()
        for scalar in short { line.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar) }
        return String(line)
    }
}
