/// Regular expressions in the RE2 syntax of Prometheus, checked without being compiled.
///
/// The check finds common mistakes: brackets that are not closed, operators without an argument, repetitions beyond the
/// limits, and Perl syntax that RE2 does not support. Prometheus can still refuse an expression that passes, in rare
/// cases.
enum RegularExpression {
    /// Why Prometheus would refuse an expression, in the words of Go's `regexp/syntax`; nil if nothing was found.
    static func problem(_ text: String) -> String? {
        var checker = RegularExpressionChecker(Array(text.unicodeScalars))
        return checker.problem()
    }

    /// An expression that matches one text only.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar) { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }
}
