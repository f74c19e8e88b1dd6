import Kube

/// One thing that was checked in a cluster: what was found, and what to do.
package struct CheckLine: Sendable, Hashable {
    /// What it means. The raw value is the first word of the line.
    package enum Level: String, Sendable, CaseIterable {
        /// It is as it should be.
        case ok
        /// It was not checked, or matters to nobody here.
        case note
        /// Something works less well, or may soon not work.
        case warning
        /// Something does not work.
        case error
    }

    package var level: Level
    /// What was checked, such as `clock`.
    package var check: String
    /// What was found.
    package var found: String
    /// What to do; nil if there is nothing to do.
    package var advice: String?

    /// A line.
    package init(_ level: Level, _ check: String, _ found: String, advice: String? = nil) {
        self.level = level
        self.check = check
        self.found = found
        self.advice = advice
    }

    var json: JSON {
        let json: JSON = [
            "level": JSON(level.rawValue), "check": JSON(check), "found": JSON(found),
            "advice": advice.map { JSON($0) } ?? .null,
        ]
        return json.droppingNulls
    }
}

/// Everything that was checked in a cluster.
package struct CheckReport: Sendable {
    /// The lines, in the order of the checks.
    package private(set) var checks: [CheckLine]

    /// A report of these lines.
    package init(_ checks: [CheckLine]) { self.checks = checks }

    /// 0 if all is well, 1 for warnings, 2 for errors.
    package var exitCode: Int32 {
        checks.contains { $0.level == .error } ? 2 : checks.contains { $0.level == .warning } ? 1 : 0
    }

    private func count(_ level: CheckLine.Level) -> Int { checks.count { $0.level == level } }

    /// The report as lines of text.
    package var lines: [String] {
        checks.flatMap { line in
            let word = line.level.rawValue
            let head = word + String(repeating: " ", count: max(1, 9 - word.count)) + "\(line.check): \(line.found)"
            return [head] + (line.advice.map { ["         -> \($0)"] } ?? [])
        } + [
            count(.error) + count(.warning) == 0
                ? "nothing is wrong" : "errors: \(count(.error)), warnings: \(count(.warning))"
        ]
    }

    /// The report for programs.
    package var json: JSON {
        [
            "errors": JSON(count(.error)), "warnings": JSON(count(.warning)), "checks": .array(checks.map(\.json)),
        ]
    }
}
