/// The table as a page of documentation.
package enum FailurePage {
    /// The page, in Markdown.
    package static var text: String {
        var lines = [
            "# Failures",
            "",
            "<!-- Written by `passgres failures-page`; change the table in Sources/KnownFailures instead. -->",
            "",
            "What goes wrong between a person and a PostgreSQL server that takes Microsoft Entra tokens, by code. The words in",
            "capitals stand for values of your own, which the tool fills in:",
            "",
            "```",
            "passgres explain-error \"text of the error\"     # or a code, or a log on standard input",
            "passgres doctor CONNECTION                    # looks for the cause by itself",
            "```",
            "",
            "A code is given once and never used for anything else.",
        ]
        for series in FailureTable.series {
            lines += ["", "## \(series.title)"]
            for failure in series.failures { lines += [""] + section(failure) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(_ failure: Failure) -> [String] {
        var lines = ["### \(failure.code): \(failure.title)", ""]
        let patterns = failure.patterns + failure.vaguePatterns
        if !patterns.isEmpty {
            var seen =
                "- Seen as: " + patterns.map { "`\($0.shown.replacing("`", with: "'"))`" }.joined(separator: ", ")
            if !failure.sqlStates.isEmpty { seen += " (SQLSTATE \(failure.sqlStates.joined(separator: ", ")))" }
            lines.append(seen)
        }
        let others = FailureTable.failures.filter { $0.elsewhere.values.contains(failure.code) }.map(\.code)
        if !others.isEmpty {
            lines.append("- Also seen as the texts of \(others.joined(separator: ", ")), where they name such a host")
        }
        lines.append("- Cause: " + escaped(failure.cause))
        if let aside = failure.aside { lines.append("- Beside another error: " + escaped(aside)) }
        lines.append("- Remedy: " + escaped(failure.remedy))
        if !failure.checks.isEmpty {
            lines.append("- Checks of doctor: " + failure.checks.map { "`\($0.rawValue)`" }.joined(separator: ", "))
        }
        return lines
    }

    private static func escaped(_ template: FailureTemplate) -> String {
        template.filled([:]).replacing("<", with: "&lt;").replacing("*:", with: "\\*:").replacing(":*", with: ":\\*")
    }
}
