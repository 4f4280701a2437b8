import TokenCredentials

// Meanings after Microsoft's reference of error codes, in words of our own.
extension EntraErrorCode {
    /// Troubles with what is asked for, or how.
    static let requestRows: [EntraErrorCode] = [
        .init(
            28002, .refused, "the scope {scope} is not one this application can ask for",
            "Ask for one resource, with /.default at its end."),
        .init(
            70011, .refused, "the scope {scope} is not one this application can ask for",
            "Ask for one resource, with /.default at its end."),
        .init(
            1002012, .refused, "the scope {scope} is not one this application can ask for",
            "Ask for one resource, with /.default at its end."),
        .init(700022, .refused, "the scopes name several resources", "Ask for one resource at a time."),
        .init(
            900144, .refused, "a field is missing from the request", "Report this as a defect, with the correlation id."
        ),
        .init(
            9002313, .refused, "the request is malformed",
            "Check client id {client} and scope {scope}; if they are right, report this as a defect."),
    ]
}
