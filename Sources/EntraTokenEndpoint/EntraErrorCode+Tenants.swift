import TokenCredentials

// Meanings after Microsoft's reference of error codes, in words of our own.
extension EntraErrorCode {
    /// Troubles with the tenant, the cloud, and the service itself.
    static let serviceRows: [EntraErrorCode] = [
        .init(90002, .refused, "there is no tenant {tenant}", "Check the tenant, and that {authority} is its cloud."),
        .init(
            90023, .refused, "the tenant {tenant} is not accepted as one",
            "Give the directory's GUID or one of its domains."),
        .init(
            900023, .refused, "the tenant {tenant} is not accepted as one",
            "Give the directory's GUID or one of its domains."),
        .init(50059, .refused, "Entra cannot tell which tenant is meant", "Give the tenant's GUID."),
        .init(50128, .refused, "Entra cannot tell which tenant is meant", "Give the tenant's GUID."),
        .init(90019, .refused, "Entra cannot tell which tenant is meant", "Give the tenant's GUID."),
        .init(
            50194, .refused, "application {client} belongs to one tenant, and {tenant} is none",
            "Give the tenant's GUID."),
        .init(
            90124, .refused, "this way of asking for a token does not work with tenant {tenant}",
            "Give the tenant's GUID."),
        .init(
            90130, .refused, "this way of asking for a token does not work with tenant {tenant}",
            "Give the tenant's GUID."),
        .init(
            9001023, .refused, "this way of asking for a token does not work with tenant {tenant}",
            "Give the tenant's GUID."),
        .init(
            90038, .refused, "application or tenant belong to another national cloud than {authority}",
            "Set AZURE_AUTHORITY_HOST to that cloud's authority."),
        .init(
            900382, .refused, "application or tenant belong to another national cloud than {authority}",
            "Set AZURE_AUTHORITY_HOST to that cloud's authority."),
        .init(
            900432, .refused, "application or tenant belong to another national cloud than {authority}",
            "Set AZURE_AUTHORITY_HOST to that cloud's authority."),
        .init(
            50049, .refused, "{authority} is not an authority Entra knows",
            "Correct the authority, such as login.microsoftonline.com."),
        .init(
            50001, .refused, "the resource of {scope} is disabled or unknown in tenant {tenant}",
            "Check the scope, the tenant, and that {authority} is the right cloud."),
        .init(
            500011, .refused, "the resource of {scope} is disabled or unknown in tenant {tenant}",
            "Check the scope, the tenant, and that {authority} is the right cloud."),
        .init(50002, .refused, "this network does not let tenant {tenant} be used", "Ask the network's administrator."),
        .init(
            500021, .refused, "this network does not let tenant {tenant} be used", "Ask the network's administrator."),
        .init(
            500022, .refused, "this network does not let tenant {tenant} be used", "Ask the network's administrator."),
        .init(50033, .temporary, "Entra had trouble of its own", "Try again later."),
        .init(50087, .temporary, "Entra had trouble of its own", "Try again later."),
        .init(90006, .temporary, "Entra had trouble of its own", "Try again later."),
        .init(90012, .temporary, "Entra had trouble of its own", "Try again later."),
        .init(90024, .temporary, "Entra had trouble of its own", "Try again later."),
        .init(90033, .temporary, "Entra had trouble of its own", "Try again later."),
        .init(90090, .temporary, "Entra had trouble of its own", "Try again later."),
        .init(
            90055, .temporary, "tenant {tenant} is limited because it asked too often",
            "Wait, and let one process keep the token for the others."),
        .init(
            50196, .temporary, "application {client} asks for the same token again and again",
            "Keep tokens until they end, and ask less often."),
    ]
}
